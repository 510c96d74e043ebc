"""What people do to layers once they are made, and to tensors in their places; what they try out in a constructor."""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.modules.utils import _pair


class G1(nn.Module):
    """A loop over modules that changes what they are."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 6, 3, stride=2, padding=1),
            nn.BatchNorm2d(6),
            nn.Sequential(nn.Conv2d(6, 6, 3, stride=2, padding=1), nn.ReLU()),
        )
        for name, m in self.trunk.named_modules():
            if name.startswith("2") and isinstance(m, nn.Conv2d):
                m.stride, m.dilation, m.padding = (1, 1), (2, 2), _pair(2)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    m.bias.data.zero_()
            elif isinstance(m, nn.BatchNorm2d):
                m.eps = 1e-3
                m.momentum = 0.03
            elif isinstance(m, (nn.ReLU, nn.LeakyReLU)):
                m.inplace = True
        total = sum(p.numel() for p in self.parameters() if p.requires_grad)
        print(f"{total / 1e6:.2f} M parameters")

    def forward(self, x):
        return self.trunk(x)


class Conv2d(nn.Conv2d):
    """A convolution with what belongs behind it."""

    def __init__(self, *args, **kwargs):
        norm = kwargs.pop("norm", None)
        activation = kwargs.pop("activation", None)
        super().__init__(*args, **kwargs)
        self.norm = norm
        self.activation = activation

    def forward(self, x):
        x = F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        if self.norm is not None:
            x = self.norm(x)
        if self.activation is not None:
            x = self.activation(x)
        return x


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        x = F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class G2(nn.Module):
    """Layers that are written out with their own weights."""

    def __init__(self):
        super().__init__()
        self.stem = Conv2d(3, 8, 3, stride=2, padding=1, bias=False, norm=nn.BatchNorm2d(8), activation=F.relu_)
        self.next = Conv2d(8, 8, kernel_size=1, groups=2)
        self.norm = LayerNorm2d(8, eps=1e-6)

    def forward(self, x):
        return self.norm(self.next(self.stem(x)))


class G3(nn.Module):
    """A trial run in the constructor, to learn how much comes out."""

    def __init__(self, shape=(1, 20, 20)):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(shape[0], 4, 3, 2), nn.ReLU(), nn.MaxPool2d(2))
        with torch.no_grad():
            size = self._flat(torch.zeros(1, *shape)).shape[1]
        self.head = nn.Linear(size, self.classes)

    @property
    def classes(self):
        return self.features(torch.rand(1, 1, 20, 20)).size(-1) + 1

    def _flat(self, x):
        x = self.features(x)
        return x.view(x.size(0), -1)

    def forward(self, x):
        return self.head(self._flat(x))


class G4(nn.Module):
    """Changes in the place of a tensor, and of how it is seen."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(3, 5, 3, padding=1), nn.Conv1d(3, 5, 1)
        self.weights = nn.Linear(5, 5)

    def forward(self, x):
        for i, conv in enumerate((self.first, self.second)):
            one = conv(x).unsqueeze_(dim=1)
            feats = one if i == 0 else torch.cat([feats, one], dim=1)
        z = self.weights(feats.sum(dim=1).mean(-1)).softmax(-1)
        out = (feats * z.unsqueeze(1).unsqueeze_(-1)).sum(1)
        mask = torch.ones(out.shape[-2:]).triu_(1).bool()
        out.masked_fill_(mask[None, ...], -torch.finfo(out.dtype).max)
        return out.softmax(-1)


class G5(nn.Module):
    """Layers that are told where their inputs come from, as a list of a network says it."""

    def __init__(self, rows=((-1, "Conv", 4), (-1, "Conv", 6), ((-1, 0), "Cat", None), (-1, "Conv", 5))):
        super().__init__()
        layers, save, widths = [], [], [3]
        for i, (source, kind, width) in enumerate(rows):
            if kind == "Cat":
                layer, out = nn.Identity(), sum(widths[j if j == -1 else j + 1] for j in source)
            else:
                layer = nn.Sequential(nn.Conv2d(widths[-1], width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.SiLU())
                out = width
            layer.i, layer.f, layer.type = i, source, str(type(layer))[8:-2]
            save.extend(j % i for j in ([source] if isinstance(source, int) else source) if j != -1)
            layers.append(layer)
            widths.append(out)
        self.model, self.save = nn.Sequential(*layers), sorted(save)

    def forward(self, x):
        y = []
        for m in self.model:
            if m.f != -1:
                x = y[m.f] if isinstance(m.f, int) else torch.cat([x if j == -1 else y[j] for j in m.f], 1)
            x = m(x)
            y.append(x if m.i in self.save else None)
        return x


class G6(nn.Module):
    """A frozen table a parameter begins with, one that learns, and weights that begin as other values."""

    def __init__(self, length=9, width=8):
        super().__init__()
        table = torch.zeros(length, width)
        position = torch.arange(length).unsqueeze(1)
        rate = torch.exp(torch.arange(0, width, 2) * -(math.log(10000.0) / width))
        table[:, 0::2] = torch.sin(position * rate)
        table[:, 1::2] = torch.cos(position * rate)
        self.position = nn.Parameter(table)
        self.gain = nn.Parameter(nn.init.normal_(torch.empty(1, 1, width), std=0.1))
        self.mean = nn.Conv1d(width, width, 1)
        self.mean.weight.data = torch.eye(width).view(width, width, 1)
        self.mean.bias.data = -1.0 * torch.Tensor([0.1] * width)
        self.onehot = nn.Embedding.from_pretrained(torch.eye(width), freeze=True)

    def forward(self, words):
        x = self.onehot(words) + self.position
        return self.mean((x * self.gain).transpose(1, 2))


class G7(nn.Module):
    """A statement that changes a tensor, and is not read."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        x = self.fc(x)
        x.renorm_(2, 0, 1.0)
        return torch.relu(x)


class G8(nn.Module):
    """What is put into a list, and is not read."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        found = [self.fc(x)]
        found.append(torch.special.i0(x))
        return torch.cat(found, 1)


class G9(nn.Module):
    """Weights of a layer, used in another way than the layer does."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        return F.conv2d(x, self.conv.weight, self.conv.bias, padding=0)


def prepared(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
    elif isinstance(m, nn.LayerNorm):
        m.eps = 0.1
        m.bias.data.zero_()


class G10(nn.Module):
    """What is applied to all modules changes some of them."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 6), nn.LayerNorm(6), nn.Sequential(nn.ReLU(), nn.LayerNorm(6)))
        self.apply(prepared)

    def forward(self, x):
        return self.net(x)


class G11(nn.Module):
    """Another forward is put in the place of the one the class has."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.forward = self.forward_twice

    def forward_twice(self, x):
        return self.fc(self.fc(x))

    def forward(self, x):
        return self.fc(x)
