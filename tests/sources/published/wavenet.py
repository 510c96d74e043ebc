import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalConv1d(nn.Conv1d):
    """A convolution that sees only what came before."""

    def __init__(self, in_channels, out_channels, kernel_size, dilation=1, **kwargs):
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation, **kwargs)
        self.left = (kernel_size - 1) * dilation

    def forward(self, x):
        return super().forward(F.pad(x, (self.left, 0)))


class ResidualLayer(nn.Module):
    def __init__(self, residual, skip, dilation):
        super().__init__()
        self.dilated = CausalConv1d(residual, 2 * residual, 2, dilation=dilation)
        self.res = nn.Conv1d(residual, residual, 1)
        self.skip = nn.Conv1d(residual, skip, 1)

    def forward(self, x):
        filtered, gate = self.dilated(x).chunk(2, dim=1)
        z = torch.tanh(filtered) * torch.sigmoid(gate)
        return self.res(z) + x, self.skip(z)


class WaveNet(nn.Module):
    def __init__(self, channels=1, residual=32, skip=64, layers=6, stacks=2, classes=256):
        super().__init__()
        self.causal = CausalConv1d(channels, residual, 2)
        self.stack = nn.ModuleList()
        for _ in range(stacks):
            for i in range(layers):
                self.stack.append(ResidualLayer(residual, skip, 2 ** i))
        self.post1 = nn.Conv1d(skip, skip, 1)
        self.post2 = nn.Conv1d(skip, classes, 1)

    def forward(self, x):
        x = self.causal(x)
        skips = []
        for layer in self.stack:
            x, s = layer(x)
            skips.append(s)
        out = sum(skips)
        out = F.relu(out)
        out = F.relu(self.post1(out))
        return self.post2(out)
