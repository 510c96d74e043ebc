"""A small residual network whose parts lie in a module beside."""
import torch
from torch import nn

from .two_files_parts import ConvUnit, Residual as Res, WIDTHS, head


class SmallResNet(nn.Module):
    def __init__(self, in_channels=3, num_classes=10):
        super().__init__()
        self.stem = ConvUnit(in_channels, WIDTHS[0])
        stages = []
        for before, width in zip(WIDTHS, WIDTHS[1:]):
            stages.append(ConvUnit(before, width, stride=2))
            stages.append(Res(ConvUnit(width, width)))
        self.stages = nn.Sequential(*stages)
        self.head = head(WIDTHS[-1], num_classes)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)))


if __name__ == "__main__":
    print(SmallResNet()(torch.randn(1, 3, 32, 32)).shape)
