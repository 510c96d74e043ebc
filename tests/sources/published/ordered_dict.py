import collections

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, hidden=256):
        super().__init__()
        self.layers = nn.Sequential(collections.OrderedDict([
            ("flatten", nn.Flatten()),
            ("fc1", nn.Linear(28 * 28, hidden)),
            ("relu1", nn.ReLU()),
            ("drop1", nn.Dropout(0.2)),
            ("fc2", nn.Linear(hidden, hidden)),
            ("relu2", nn.ReLU()),
        ]))
        self.layers.add_module("out", nn.Linear(hidden, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)
