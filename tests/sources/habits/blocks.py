"""Blocks people paste out of larger networks."""
import math
from collections import OrderedDict
from functools import partial, reduce
from itertools import repeat
from operator import mul
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.init as I
from torch.nn.modules.utils import _pair

class ConvBlock(nn.Module):
    def __init__(self, inc, outc, k=3, s=1, p=None, act=True, norm='bn'):
        super().__init__()
        self.conv = nn.Conv2d(inc, outc, k, s, k // 2 if p is None else p, bias=norm is None)
        self.norm = {'bn': nn.BatchNorm2d, 'in': nn.InstanceNorm2d}[norm](outc) if norm else nn.Identity()
        self.act = nn.SiLU() if act is True else (act if isinstance(act, nn.Module) else nn.Identity())
    def forward(self, x):
        return self.act(self.norm(self.conv(x)))

def autopad(k, p=None):
    if p is None:
        p = k // 2 if isinstance(k, int) else [x // 2 for x in k]
    return p

class Conv(nn.Module):
    def __init__(self, c1, c2, k=1, s=1, p=None, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, autopad(k, p), groups=g, bias=False)
        self.bn = nn.BatchNorm2d(c2)
        self.act = nn.SiLU() if act is True else (act if isinstance(act, nn.Module) else nn.Identity())
    def forward(self, x):
        return self.act(self.bn(self.conv(x)))
    def forward_fuse(self, x):
        return self.act(self.conv(x))

class Bottleneck(nn.Module):
    def __init__(self, c1, c2, shortcut=True, g=1, e=0.5):
        super().__init__()
        c_ = int(c2 * e)
        self.cv1 = Conv(c1, c_, 1, 1)
        self.cv2 = Conv(c_, c2, 3, 1, g=g)
        self.add = shortcut and c1 == c2
    def forward(self, x):
        return x + self.cv2(self.cv1(x)) if self.add else self.cv2(self.cv1(x))

class C3(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, g=1, e=0.5):
        super().__init__()
        c_ = int(c2 * e)
        self.cv1 = Conv(c1, c_, 1, 1)
        self.cv2 = Conv(c1, c_, 1, 1)
        self.cv3 = Conv(2 * c_, c2, 1)
        self.m = nn.Sequential(*(Bottleneck(c_, c_, shortcut, g, e=1.0) for _ in range(n)))
    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), dim=1))

class SPPF(nn.Module):
    def __init__(self, c1, c2, k=5):
        super().__init__()
        c_ = c1 // 2
        self.cv1 = Conv(c1, c_, 1, 1)
        self.cv2 = Conv(c_ * 4, c2, 1, 1)
        self.m = nn.MaxPool2d(kernel_size=k, stride=1, padding=k // 2)
    def forward(self, x):
        x = self.cv1(x)
        y1 = self.m(x)
        y2 = self.m(y1)
        return self.cv2(torch.cat([x, y1, y2, self.m(y2)], 1))

class C2f(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=False, g=1, e=0.5):
        super().__init__()
        self.c = int(c2 * e)
        self.cv1 = Conv(c1, 2 * self.c, 1, 1)
        self.cv2 = Conv((2 + n) * self.c, c2, 1)
        self.m = nn.ModuleList(Bottleneck(self.c, self.c, shortcut, g, e=1.0) for _ in range(n))
    def forward(self, x):
        y = list(self.cv1(x).chunk(2, 1))
        y.extend(m(y[-1]) for m in self.m)
        return self.cv2(torch.cat(y, 1))

class B1(nn.Module):
    """yolo v5/v8 pieces"""
    def __init__(self):
        super().__init__()
        self.b = nn.Sequential(Conv(3, 16, 6, 2, 2), Conv(16, 32, 3, 2), C3(32, 32, 2), C2f(32, 32, 2, True), SPPF(32, 32))
    def forward(self, x):
        return self.b(x)

class GhostModule(nn.Module):
    def __init__(self, inp, oup, kernel_size=1, ratio=2, dw_size=3, stride=1, relu=True):
        super(GhostModule, self).__init__()
        self.oup = oup
        init_channels = math.ceil(oup / ratio)
        new_channels = init_channels*(ratio-1)
        self.primary_conv = nn.Sequential(
            nn.Conv2d(inp, init_channels, kernel_size, stride, kernel_size//2, bias=False),
            nn.BatchNorm2d(init_channels),
            nn.ReLU(inplace=True) if relu else nn.Sequential(),
        )
        self.cheap_operation = nn.Sequential(
            nn.Conv2d(init_channels, new_channels, dw_size, 1, dw_size//2, groups=init_channels, bias=False),
            nn.BatchNorm2d(new_channels),
            nn.ReLU(inplace=True) if relu else nn.Sequential(),
        )
    def forward(self, x):
        x1 = self.primary_conv(x)
        x2 = self.cheap_operation(x1)
        out = torch.cat([x1,x2], dim=1)
        return out[:,:self.oup,:,:]

class B2(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.Sequential(GhostModule(3, 15), GhostModule(15, 8, relu=False))
    def forward(self, x):
        return self.g(x)

class eca_layer(nn.Module):
    def __init__(self, channel, k_size=3):
        super(eca_layer, self).__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.conv = nn.Conv1d(1, 1, kernel_size=k_size, padding=(k_size - 1) // 2, bias=False)
        self.sigmoid = nn.Sigmoid()
    def forward(self, x):
        y = self.avg_pool(x)
        y = self.conv(y.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        y = self.sigmoid(y)
        return x * y.expand_as(x)

class B3(nn.Module):
    def __init__(self, channel=16, b=1, gamma=2):
        super().__init__()
        t = int(abs((math.log(channel, 2) + b) / gamma))
        k = t if t % 2 else t + 1
        self.c = ConvBlock(3, channel, norm='in')
        self.eca = eca_layer(channel, k)
    def forward(self, x):
        return self.eca(self.c(x))

class B4(nn.Module):
    """RepVGG train-time block"""
    def __init__(self, c=8):
        super().__init__()
        self.rbr_identity = nn.BatchNorm2d(num_features=c)
        self.rbr_dense = self.conv_bn(c, c, 3, 1, 1)
        self.rbr_1x1 = self.conv_bn(c, c, 1, 1, 0)
        self.se = nn.Identity()
        self.nonlinearity = nn.ReLU()
    def conv_bn(self, i, o, k, s, p, groups=1):
        result = nn.Sequential()
        result.add_module('conv', nn.Conv2d(in_channels=i, out_channels=o, kernel_size=k, stride=s, padding=p, groups=groups, bias=False))
        result.add_module('bn', nn.BatchNorm2d(num_features=o))
        return result
    def forward(self, inputs):
        if hasattr(self, 'rbr_reparam'):
            return self.nonlinearity(self.se(self.rbr_reparam(inputs)))
        if self.rbr_identity is None:
            id_out = 0
        else:
            id_out = self.rbr_identity(inputs)
        return self.nonlinearity(self.se(self.rbr_dense(inputs) + self.rbr_1x1(inputs) + id_out))

class NonLocal(nn.Module):
    def __init__(self, c=16, mode='embedded', sub_sample=True):
        super().__init__()
        assert mode in ['gaussian', 'embedded']
        self.inter = c // 2 or 1
        conv_nd = nn.Conv2d
        max_pool_layer = nn.MaxPool2d(kernel_size=(2, 2))
        self.g = conv_nd(c, self.inter, 1)
        self.W = nn.Sequential(conv_nd(self.inter, c, 1), nn.BatchNorm2d(c))
        nn.init.constant_(self.W[1].weight, 0)
        self.theta = conv_nd(c, self.inter, 1)
        self.phi = conv_nd(c, self.inter, 1)
        if sub_sample:
            self.g = nn.Sequential(self.g, max_pool_layer)
            self.phi = nn.Sequential(self.phi, max_pool_layer)
    def forward(self, x):
        batch_size = x.size(0)
        g_x = self.g(x).view(batch_size, self.inter, -1)
        g_x = g_x.permute(0, 2, 1)
        theta_x = self.theta(x).view(batch_size, self.inter, -1).permute(0, 2, 1)
        phi_x = self.phi(x).view(batch_size, self.inter, -1)
        f = torch.matmul(theta_x, phi_x)
        f_div_C = F.softmax(f, dim=-1)
        y = torch.matmul(f_div_C, g_x)
        y = y.permute(0, 2, 1).contiguous()
        y = y.view(batch_size, self.inter, *x.size()[2:])
        return self.W(y) + x
B5 = NonLocal

class SKConv(nn.Module):
    def __init__(self, features=16, M=2, G=4, r=4, L=8):
        super().__init__()
        d = max(int(features/r), L)
        self.M = M
        self.features = features
        self.convs = nn.ModuleList([])
        for i in range(M):
            self.convs.append(nn.Sequential(nn.Conv2d(features, features, 3, 1, 1+i, dilation=1+i, groups=G, bias=False), nn.BatchNorm2d(features), nn.ReLU(inplace=False)))
        self.gap = nn.AdaptiveAvgPool2d((1,1))
        self.fc = nn.Sequential(nn.Conv2d(features, d, 1, bias=False), nn.ReLU(inplace=False))
        self.fcs = nn.ModuleList([])
        for i in range(M):
            self.fcs.append(nn.Conv2d(d, features, kernel_size=1, stride=1))
        self.softmax = nn.Softmax(dim=1)
    def forward(self, x):
        batch_size = x.shape[0]
        feats = [conv(x) for conv in self.convs]
        feats = torch.cat(feats, dim=1)
        feats = feats.view(batch_size, self.M, self.features, feats.shape[2], feats.shape[3])
        feats_U = torch.sum(feats, dim=1)
        feats_S = self.gap(feats_U)
        feats_Z = self.fc(feats_S)
        attention_vectors = [fc(feats_Z) for fc in self.fcs]
        attention_vectors = torch.cat(attention_vectors, dim=1)
        attention_vectors = attention_vectors.view(batch_size, self.M, self.features, 1, 1)
        attention_vectors = self.softmax(attention_vectors)
        return torch.sum(feats*attention_vectors, dim=1)
B6 = SKConv

class CoordAtt(nn.Module):
    def __init__(self, inp=16, oup=16, reduction=4):
        super().__init__()
        self.pool_h = nn.AdaptiveAvgPool2d((None, 1))
        self.pool_w = nn.AdaptiveAvgPool2d((1, None))
        mip = max(8, inp // reduction)
        self.conv1 = nn.Conv2d(inp, mip, kernel_size=1, stride=1, padding=0)
        self.bn1 = nn.BatchNorm2d(mip)
        self.act = nn.Hardswish()
        self.conv_h = nn.Conv2d(mip, oup, 1)
        self.conv_w = nn.Conv2d(mip, oup, 1)
    def forward(self, x):
        identity = x
        n,c,h,w = x.size()
        x_h = self.pool_h(x)
        x_w = self.pool_w(x).permute(0, 1, 3, 2)
        y = torch.cat([x_h, x_w], dim=2)
        y = self.conv1(y)
        y = self.bn1(y)
        y = self.act(y)
        x_h, x_w = torch.split(y, [h, w], dim=2)
        x_w = x_w.permute(0, 1, 3, 2)
        a_h = self.conv_h(x_h).sigmoid()
        a_w = self.conv_w(x_w).sigmoid()
        return identity * a_w * a_h
B7 = CoordAtt

class NBeatsBlock(nn.Module):
    def __init__(self, size=20, theta=8, horizon=5):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(size, 32)] + [nn.Linear(32, 32) for _ in range(3)])
        self.b = nn.Linear(32, size, bias=False)
        self.f = nn.Linear(32, horizon, bias=False)
    def forward(self, x):
        h = x
        for layer in self.layers:
            h = torch.relu(layer(h))
        return self.b(h), self.f(h)

class B8(nn.Module):
    def __init__(self, n=3):
        super().__init__()
        self.blocks = nn.ModuleList([NBeatsBlock() for _ in range(n)])
    def forward(self, x):
        residuals = x.flip(dims=(1,))
        forecast = x[:, -1:]
        for i, block in enumerate(self.blocks):
            backcast, block_forecast = block(residuals)
            residuals = (residuals - backcast)
            forecast = forecast + block_forecast
        return forecast

class B9(nn.Module):
    """vq-like distances, gumbel-free; pairwise dist"""
    def __init__(self, k=10, d=4):
        super().__init__()
        self.embedding = nn.Embedding(k, d)
        self.embedding.weight.data.uniform_(-1.0 / k, 1.0 / k)
        self.codebook = nn.Parameter(torch.randn(k, d))
    def forward(self, z):
        d = torch.sum(z ** 2, dim=1, keepdim=True) + torch.sum(self.codebook**2, dim=1) - 2 * torch.matmul(z, self.codebook.t())
        idx = torch.argmin(d, dim=1)
        return self.embedding(idx)

class B10(nn.Module):
    """clip-like: two towers normalised, temperature"""
    def __init__(self):
        super().__init__()
        self.image = nn.Linear(6, 4)
        self.text = nn.Linear(5, 4)
        self.logit_scale = nn.Parameter(torch.ones([1]) * np.log(1 / 0.07))
    def forward(self, image, text):
        i = self.image(image)
        t = self.text(text)
        i = i / i.norm(dim=-1, keepdim=True)
        t = F.normalize(t, dim=-1)
        return self.logit_scale.exp() * (i * t).sum(-1)

class B11(nn.Module):
    """channel shuffle/dense via list, custom relu class attr"""
    growth = 4
    act = nn.ReLU
    def __init__(self, n=3):
        super().__init__()
        cin = 3
        self.convs = []
        for k in range(n):
            conv = nn.Sequential(OrderedDict(norm=nn.BatchNorm2d(cin), relu=self.act(), conv=nn.Conv2d(cin, self.growth, 3, padding=1)))
            self.convs.append(conv)
            self.add_module('layer_{:d}'.format(k), conv)
            cin += self.growth
        self.out_channels = cin
    def forward(self, x):
        features = [x]
        for conv in self.convs:
            features.append(conv(torch.cat(features, 1)))
        return torch.cat(features[1:], 1)

class B12(nn.Module):
    """transpose conv decoders with reversed zip"""
    def __init__(self, dims=(3, 8, 16)):
        super().__init__()
        enc, dec = [], []
        for a, b in zip(dims[:-1], dims[1:]):
            enc.append(nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)))
        for a, b in zip(reversed(dims[1:]), dims[::-1][1:]):
            dec.append(nn.Sequential(nn.ConvTranspose2d(a, b, 4, 2, 1), nn.ELU()))
        self.enc = nn.Sequential(*enc)
        self.dec = nn.Sequential(*dec)
        self.fc_mu = nn.Linear(reduce(mul, (16, 4, 4), 1), 10)
        self.fc_var = nn.Linear(16 * 4 ** 2, 10)
        self.up = nn.Linear(10, 256)
    def forward(self, x):
        h = self.enc(x)
        h = torch.flatten(h, 1)
        mu, log_var = self.fc_mu(h), self.fc_var(h)
        z = mu if not self.training else mu + torch.randn_like(mu) * torch.exp(0.5 * log_var)
        out = self.up(z).view(-1, 16, 4, 4)
        return [self.dec(out), x, mu, log_var]

class Base(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.body = self.build()
    def build(self):
        raise NotImplementedError
    def forward(self, x):
        return self.head(self.body(x))

class B13(Base):
    def __init__(self, width=12):
        super().__init__(width)
        self.head = nn.Linear(width, 2)
    def build(self):
        return nn.Sequential(nn.Linear(4, self.width), nn.Tanh())

class B14(nn.Module):
    """positions via buffer ids, broadcasting cls + dist tokens, index select"""
    def __init__(self, n=9, d=8):
        super().__init__()
        self.cls = nn.Parameter(torch.zeros(1, 1, d))
        self.dist = nn.Parameter(torch.zeros(1, 1, d))
        self.pos = nn.Parameter(torch.randn(1, n + 2, d) * .02)
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model=d, nhead=2, dim_feedforward=16, activation='gelu', batch_first=True, norm_first=True), num_layers=2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(d)
        self.h1, self.h2 = nn.Linear(d, 3), nn.Linear(d, 3)
    def forward(self, x):
        B = x.shape[0]
        cls, dist = self.cls.expand(B, -1, -1), self.dist.expand(B, -1, -1)
        x = torch.cat((cls, dist, x), dim=1) + self.pos
        x = self.norm(self.enc(x))
        return (self.h1(x[:, 0]) + self.h2(x[:, 1])) / 2

class B15(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.utils.spectral_norm(nn.Conv2d(3, 8, 3)) if False else nn.Conv2d(3, 8, 3)
        self.l2 = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        x = F.leaky_relu(self.l1(x), 0.2, inplace=True)
        return self.l2(x).mean((2, 3)).reshape(-1)

class B16(nn.Module):
    """1d conv text with transpose, gating glu, cumsum, residual scaling sqrt(.5)"""
    def __init__(self, v=60, d=16):
        super().__init__()
        self.e = nn.Embedding(v, d)
        self.convs = nn.ModuleList([nn.Conv1d(d, 2 * d, 3, padding=1) for _ in range(2)])
        self.scale = math.sqrt(0.5)
    def forward(self, x):
        h = self.e(x).transpose(1, 2)
        for conv in self.convs:
            c = F.glu(conv(F.dropout(h, p=0.1, training=self.training)), dim=1)
            h = (h + c) * self.scale
        return h.max(dim=2)[0]
