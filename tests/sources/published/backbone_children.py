import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 2, 1), nn.BatchNorm2d(width), nn.ReLU())
        self.body = nn.Sequential(nn.Conv2d(width, 2 * width, 3, 2, 1), nn.BatchNorm2d(2 * width), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2 * width, 1000)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.body(self.stem(x))), 1))


class FineTuned(nn.Module):
    """All of a network but its last layer, and a head of one's own; what came before is frozen."""

    def __init__(self, num_classes=5, dropout=.3):
        super().__init__()
        backbone = Backbone()
        num_features = backbone.fc.in_features
        self.features = nn.Sequential(*list(backbone.children())[:-1])
        for param in self.features.parameters():
            param.requires_grad = False
        self.head = nn.Sequential()
        self.head.add_module('flatten', nn.Flatten())
        for i, (a, b) in enumerate([(num_features, 64), (64, 32)]):
            self.head.add_module(f'fc{i}', nn.Linear(a, b))
            self.head.add_module(f'act{i}', nn.ReLU())
            self.head.add_module(f'drop{i}', nn.Dropout(dropout))
        self.head.add_module('out', nn.Linear(b, num_classes))

    def forward(self, x):
        with torch.no_grad():
            x = self.features(x)
        return self.head(x)


class Swapped(Backbone):
    def __init__(self, num_classes=7):
        super().__init__(width=8)
        self.fc = nn.Linear(self.fc.in_features, num_classes)
