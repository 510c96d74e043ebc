"""The architectures among the examples, written by hand as people write them: what the drawn ones are held against.

Layers are declared in the order in which the drawn ones are computed, so that weights go across one after the other.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn


def conv(channels: int, width: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    """A convolution without bias that keeps the size but for its stride."""
    return nn.Conv2d(channels, width, kernel, stride, kernel // 2, groups=groups, bias=False)


class Residual(nn.Module):
    """What came in, as it is or through `skip`, added to what `body` makes of it."""

    def __init__(self, body: nn.Module, skip: nn.Module | None, last: nn.Module) -> None:
        super().__init__()
        self.body, self.skip, self.last = body, skip or nn.Identity(), last

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.body(x) + self.skip(x))


def _projection(channels: int, width: int, stride: int) -> nn.Module | None:
    if channels == width and stride == 1:
        return None
    return nn.Sequential(conv(channels, width, 1, stride), nn.BatchNorm2d(width))


def _basic(channels: int, width: int, stride: int) -> nn.Module:
    body = nn.Sequential(
        *(conv(channels, width, 3, stride), nn.BatchNorm2d(width), nn.ReLU()),
        *(conv(width, width), nn.BatchNorm2d(width)),
    )
    return Residual(body, _projection(channels, width, stride), nn.ReLU())


def _bottleneck(channels: int, width: int, stride: int) -> nn.Module:
    inner = width // 4
    body = nn.Sequential(
        *(conv(channels, inner, 1), nn.BatchNorm2d(inner), nn.ReLU()),
        *(conv(inner, inner, 3, stride), nn.BatchNorm2d(inner), nn.ReLU()),
        *(conv(inner, width, 1), nn.BatchNorm2d(width)),
    )
    return Residual(body, _projection(channels, width, stride), nn.ReLU())


def _stem(kernel: int = 7) -> list[nn.Module]:
    return [conv(3, 64, kernel, 2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]


def _classifier(width: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 1000)]


def resnet(depths: Sequence[int], deep: bool) -> nn.Module:
    """He and others, 2015: `depths` blocks in each of four stages, bottlenecks where it is `deep`."""
    layers, channels = _stem(), 64
    for stage, depth in enumerate(depths):
        width = 64 * 2**stage * (4 if deep else 1)
        for number in range(depth):
            stride = 2 if stage and not number else 1
            layers.append((_bottleneck if deep else _basic)(channels, width, stride))
            channels = width
    return nn.Sequential(*layers, *_classifier(channels))


class Branches(nn.Module):
    """Several ways from one input, laid one behind the other."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


def _unit(channels: int, width: int, kernel: int = 1, stride: int = 1) -> nn.Module:
    return nn.Sequential(conv(channels, width, kernel, stride), nn.BatchNorm2d(width, eps=0.001), nn.ReLU())


def _inception(channels: int, widths: Sequence[int]) -> nn.Module:
    one, three_reduce, three, five_reduce, five, project = widths
    return Branches(
        _unit(channels, one),
        nn.Sequential(_unit(channels, three_reduce), _unit(three_reduce, three, 3)),
        nn.Sequential(_unit(channels, five_reduce), _unit(five_reduce, five, 3)),
        nn.Sequential(nn.MaxPool2d(3, 1, 1), _unit(channels, project)),
    )


_INCEPTIONS = (
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
)


def _inceptions(third: nn.Module, fourth: nn.Module) -> list[nn.Module]:
    layers: list[nn.Module] = []
    channels = 192
    for number, widths in enumerate(_INCEPTIONS):
        layers += {2: [third], 7: [fourth]}.get(number, [])
        layers.append(_inception(channels, widths))
        channels = widths[0] + widths[2] + widths[4] + widths[5]
    return layers


def googlenet() -> nn.Module:
    """Szegedy and others, 2014, with batch normalization and without the two heads."""
    return nn.Sequential(
        *(_unit(3, 64, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True)),
        *(_unit(64, 64), _unit(64, 192, 3), nn.MaxPool2d(3, 2, ceil_mode=True)),
        *_inceptions(nn.MaxPool2d(3, 2, ceil_mode=True), nn.MaxPool2d(2, ceil_mode=True)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1024, 1000)),
    )


class Dense(nn.Module):
    """What came in, and behind it what `body` makes of it."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.body(x)], 1)


def densenet121() -> nn.Module:
    """Huang and others, 2016, with a growth of 32."""
    layers, channels = _stem(), 64
    for stage, depth in enumerate((6, 12, 24, 16)):
        for _ in range(depth):
            inner = nn.Sequential(
                *(nn.BatchNorm2d(channels), nn.ReLU(), conv(channels, 128, 1)),
                *(nn.BatchNorm2d(128), nn.ReLU(), conv(128, 32)),
            )
            layers.append(Dense(inner))
            channels += 32
        layers += [nn.BatchNorm2d(channels), nn.ReLU()]
        if stage < 3:
            layers += [conv(channels, channels // 2, 1), nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*layers, *_classifier(channels))


def _inverted(channels: int, width: int, stride: int, expansion: int) -> nn.Module:
    hidden = channels * expansion
    body = [conv(channels, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6()] if expansion > 1 else []
    body += [conv(hidden, hidden, 3, stride, hidden), nn.BatchNorm2d(hidden), nn.ReLU6()]
    body += [conv(hidden, width, 1), nn.BatchNorm2d(width)]
    whole = nn.Sequential(*body)
    return Residual(whole, None, nn.Identity()) if stride == 1 and channels == width else whole


def mobilenetv2() -> nn.Module:
    """Sandler and others, 2018, their table 2."""
    layers: list[nn.Module] = [conv(3, 32, 3, 2), nn.BatchNorm2d(32), nn.ReLU6()]
    channels = 32
    for expansion, width, depth, first in (
        *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
        *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
    ):
        for number in range(depth):
            layers.append(_inverted(channels, width, 1 if number else first, expansion))
            channels = width
    layers += [conv(320, 1280, 1), nn.BatchNorm2d(1280), nn.ReLU6()]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, 1000)
    )


def vgg16() -> nn.Module:
    """Simonyan and Zisserman, 2014, configuration D."""
    layers: list[nn.Module] = []
    channels = 3
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    layers += [nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 1000))


def _double(channels: int, width: int) -> nn.Module:
    return nn.Sequential(
        *(conv(channels, width), nn.BatchNorm2d(width), nn.ReLU()),
        *(conv(width, width), nn.BatchNorm2d(width), nn.ReLU()),
    )


class UNet(nn.Module):
    """Ronneberger and others, 2015, with padding and batch normalization."""

    def __init__(self) -> None:
        super().__init__()
        widths = (64, 128, 256, 512, 1024)
        pairs = [(3, 64), *pairwise(widths)]
        self.down = nn.ModuleList(_double(*pair) for pair in pairs)
        self.up = nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.up.append(nn.ConvTranspose2d(2 * width, width, 2, 2))
            self.up.append(_double(2 * width, width))
        self.last = nn.Conv2d(64, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept: list[Tensor] = []
        for number, down in enumerate(self.down):
            x = down(nn.functional.max_pool2d(x, 2) if number else x)
            kept.append(x)
        kept.pop()
        for up, double in zip(self.up[::2], self.up[1::2], strict=True):
            x = double(torch.cat([kept.pop(), up(x)], 1))
        return self.last(x)
