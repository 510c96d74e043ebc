"""Short networks, each with a habit of how people hold layers and parameters."""
import math
from copy import deepcopy
from typing import Optional, NamedTuple
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Parameter, init
from torch.nn.utils.rnn import pack_padded_sequence

class A1(nn.Module):
    """getattr loops"""
    def __init__(self, n=3):
        super().__init__()
        self.n = n
        for i in range(n):
            setattr(self, f'conv{i+1}', nn.Conv2d(3 if i == 0 else 8, 8, 3, padding=1))
        self.bns = nn.ModuleDict({f'bn{i}': nn.BatchNorm2d(8) for i in range(n)})
        self.acts = {'relu': F.relu, 'tanh': torch.tanh}
    def forward(self, x):
        for i in range(self.n):
            x = getattr(self, 'conv%d' % (i+1))(x)
            x = self.bns[f'bn{i}'](x)
            x = self.acts['relu' if i < 2 else 'tanh'](x)
        return x.mean(dim=[-1, -2])

class A2(nn.Module):
    """_modules items"""
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
        self.extract = ['1', '3']
    def forward(self, x):
        outs = []
        for name, module in self.features._modules.items():
            x = module(x)
            if name in self.extract:
                outs.append(x)
        return outs

class A3(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
    def forward(self, x):
        for i, layer in enumerate(self.features):
            x = layer(x)
            if isinstance(layer, nn.ReLU) and i > 1:
                x = F.max_pool2d(x, kernel_size=2, stride=2)
        for name, m in self.named_children():
            pass
        return torch.flatten(x, start_dim=1)

class A4(nn.Module):
    """highway + residual with lambda"""
    def __init__(self, size=16, num_layers=3, f=torch.relu):
        super().__init__()
        self.num_layers = num_layers
        self.nonlinear = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.linear = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.gate = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.f = f
    def forward(self, x):
        for layer in range(self.num_layers):
            gate = torch.sigmoid(self.gate[layer](x))
            nonlinear = self.f(self.nonlinear[layer](x))
            linear = self.linear[layer](x)
            x = gate * nonlinear + (1 - gate) * linear
        return x

class A5(nn.Module):
    """attention pooling over lstm"""
    def __init__(self, vocab=100, d=16, h=24):
        super().__init__()
        self.emb = nn.Embedding(vocab, d)
        self.lstm = nn.LSTM(d, h, 1, batch_first=True, bidirectional=True)
        self.w = nn.Parameter(torch.zeros(h * 2))
        self.tanh1 = nn.Tanh()
        self.fc = nn.Linear(h * 2, 4)
    def forward(self, x):
        emb = self.emb(x)
        H, _ = self.lstm(emb)
        M = self.tanh1(H)
        alpha = F.softmax(torch.matmul(M, self.w), dim=1).unsqueeze(-1)
        out = H * alpha
        out = torch.sum(out, 1)
        out = F.relu(out)
        return self.fc(out)

class A6(nn.Module):
    """mixture of experts"""
    def __init__(self, d=16, n_experts=4, out=8):
        super().__init__()
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, out)) for i in range(n_experts)])
        self.gate = nn.Linear(d, n_experts)
    def forward(self, x):
        weights = F.softmax(self.gate(x), dim=-1)
        outputs = torch.stack([e(x) for e in self.experts], dim=1)
        return (weights.unsqueeze(-1) * outputs).sum(dim=1)

class A7(nn.Module):
    """masks: padding"""
    def __init__(self, vocab=100, d=16):
        super().__init__()
        self.emb = nn.Embedding(vocab, d, padding_idx=0)
        self.fc = nn.Linear(d, 3)
    def forward(self, x):
        mask = (x != 0).float().unsqueeze(-1)
        e = self.emb(x) * mask
        lengths = mask.sum(dim=1).clamp(min=1)
        return self.fc(e.sum(dim=1) / lengths)

class A8(nn.Module):
    """einsum/outer ops, learned scalar"""
    def __init__(self, d=16):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(1))
        self.q = nn.Conv2d(d, d // 8, 1)
        self.k = nn.Conv2d(d, d // 8, 1)
        self.v = nn.Conv2d(d, d, 1)
        self.softmax = nn.Softmax(dim=-1)
    def forward(self, x):
        m_batchsize, C, width, height = x.size()
        proj_query = self.q(x).view(m_batchsize, -1, width * height).permute(0, 2, 1)
        proj_key = self.k(x).view(m_batchsize, -1, width * height)
        energy = torch.bmm(proj_query, proj_key)
        attention = self.softmax(energy)
        proj_value = self.v(x).view(m_batchsize, -1, width * height)
        out = torch.bmm(proj_value, attention.permute(0, 2, 1))
        out = out.view(m_batchsize, C, width, height)
        return self.gamma * out + x

class A9(nn.Module):
    """custom linear with F.linear, uniform init"""
    def __init__(self, i=12, o=5):
        super().__init__()
        self.weight = Parameter(torch.Tensor(o, i))
        self.bias = Parameter(torch.Tensor(o))
        self.reset_parameters()
    def reset_parameters(self):
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
        bound = 1 / math.sqrt(fan_in)
        init.uniform_(self.bias, -bound, bound)
    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

class A10(nn.Module):
    """multi inputs w/ optional and dict return"""
    def __init__(self):
        super().__init__()
        self.img = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.tab = nn.Sequential(nn.Linear(6, 8), nn.ReLU())
        self.cls = nn.Linear(16, 3)
        self.reg = nn.Linear(16, 1)
    def forward(self, image: Tensor, table: Tensor, mask: Optional[Tensor] = None):
        h = torch.cat([self.img(image), self.tab(table)], dim=1)
        if mask is not None:
            h = h * mask
        return {"logits": self.cls(h), "value": self.reg(h).squeeze(-1)}

class Out(NamedTuple):
    a: Tensor
    b: Tensor

class A11(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 6)
    def forward(self, x):
        a, b = torch.chunk(self.l(x), 2, -1)
        return Out(a=a, b=b)

class A12(nn.Module):
    """while loop, walrus, try, ternaries, star"""
    def __init__(self, *widths, act=None, **kw):
        super().__init__()
        widths = widths or (8, 16, 32)
        layers = []
        i = 0
        while i < len(widths) - 1:
            layers += [nn.Linear(widths[i], widths[i + 1]), (act or nn.GELU)()]
            i += 1
        *rest, last = layers
        self.net = nn.Sequential(*rest)
        self.scale = kw.get('scale', 2.0)
        try:
            self.out = nn.Linear(widths[-1], 1)
        except Exception:
            self.out = None
    def forward(self, x):
        if (y := self.net(x)) is not None:
            x = y
        return self.out(x).mul(self.scale).add_(1.0)

class Swish(nn.Module):
    def forward(self, x):
        return x.mul_(x.sigmoid())

class A13(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.act = Swish()
        self.register_buffer('mean', torch.tensor([0.1, 0.2, 0.3, 0.4]))
        self.register_buffer('scale', torch.tensor(2.0))
    def forward(self, x):
        return self.act(self.a((x - self.mean) * self.scale))

class WSConv2d(nn.Conv2d):
    def forward(self, x):
        weight = self.weight
        weight_mean = weight.mean(dim=1, keepdim=True).mean(dim=2, keepdim=True).mean(dim=3, keepdim=True)
        weight = weight - weight_mean
        std = weight.view(weight.size(0), -1).std(dim=1).view(-1, 1, 1, 1) + 1e-5
        weight = weight / std.expand_as(weight)
        return F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)

class A14(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = WSConv2d(3, 8, 3)
    def forward(self, x):
        return self.c(x)

class A15(nn.Module):
    """unfold/fold patches, pixel shuffle, roll, flip"""
    def __init__(self):
        super().__init__()
        self.up = nn.Sequential(nn.Conv2d(3, 12, 3, 1, 1), nn.PixelShuffle(2))
    def forward(self, x):
        y = self.up(x)
        y = torch.flip(y, dims=[3]) + torch.roll(y, 1, 2)
        y = y[..., 1:-1, 1:-1]
        return F.avg_pool2d(y, 2).pow(2).sqrt().clamp(0, 1)

class A16(nn.Module):
    """tied weights"""
    def __init__(self, v=50, d=8):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        self.out = nn.Linear(d, v, bias=False)
        self.out.weight = self.emb.weight
    def forward(self, x):
        return self.out(self.emb(x))

class A17(nn.Module):
    """learned query cross attention, expand"""
    def __init__(self, d=16, n=4):
        super().__init__()
        self.latents = nn.Parameter(torch.randn(n, d))
        self.attn = nn.MultiheadAttention(d, 2, batch_first=True)
        self.ln = nn.LayerNorm(d)
    def forward(self, x):
        b = x.size(0)
        q = self.latents.unsqueeze(0).repeat(b, 1, 1)
        out, w = self.attn(q, x, x)
        return self.ln(out + q).mean(1)

class A18(nn.Module):
    """GRU decoder with teacher forcing removed; hidden as tuple idx"""
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 7, num_layers=2, batch_first=True, dropout=0.1)
        self.fc = nn.Linear(7, 2)
    def forward(self, x):
        self.gru.flatten_parameters()
        out, h = self.gru(x)
        return self.fc(h[-1]), self.fc(out[:, -1])

class A19(nn.Module):
    """positional sin via pow"""
    def __init__(self, d=8, max_len=40):
        super().__init__()
        pe = torch.zeros(max_len, d)
        pos = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
        div = torch.pow(10000.0, torch.arange(0, d, 2).float() / d)
        pe[:, 0::2] = torch.sin(pos / div)
        pe[:, 1::2] = torch.cos(pos / div)
        self.register_buffer('pe', pe.unsqueeze(0))
        self.fc = nn.Linear(d, d)
    def forward(self, x):
        return self.fc(x + self.pe[:, :x.shape[1]].to(x.device))

class A20(nn.Module):
    """conv1d resnet with kwargs dict and assert"""
    def __init__(self, cfg=dict(c=[8, 16], k=3)):
        super().__init__()
        cin = 1
        blocks = []
        for j, c in enumerate(cfg['c']):
            blocks.append(nn.Sequential(*[nn.Conv1d(cin, c, cfg['k'], padding='same'), nn.BatchNorm1d(c), nn.ReLU6()]))
            cin = c
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(cin, 2)
    def forward(self, x):
        assert x.dim() == 3, x.shape
        x = self.blocks(x)
        x = torch.cat([x.mean(-1), x.amax(-1)], -1)[:, ::2]
        return self.head(x)
