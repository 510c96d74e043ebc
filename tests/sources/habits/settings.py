"""How people hand settings around: options, named tuples, tables with dots, arrays, registries, texts that are evaluated."""

import argparse
import collections
import itertools
import os
import sys
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

try:
    from a_library_nobody_has import DropPath, to_2tuple
except ImportError:

    def to_2tuple(x):
        return x if isinstance(x, tuple) else (x, x)

    class DropPath(nn.Identity):
        def __init__(self, p=0.0):
            super().__init__()


parser = argparse.ArgumentParser(description="options at the top of a file")
parser.add_argument("--hidden-size", type=int, default="12")
parser.add_argument("--layers", default=2, type=int, help="how many")
parser.add_argument("--norm", action="store_true")
parser.add_argument("--act", choices=["ReLU", "GELU"], default="GELU")
args, _ = parser.parse_known_args([])


class F1(nn.Module):
    """Options of a program, and a layer by its name."""

    def __init__(self, opt=args):
        super().__init__()
        blocks = []
        for _ in range(opt.layers):
            blocks += [nn.Linear(opt.hidden_size, opt.hidden_size), getattr(nn, opt.act)()]
            if opt.norm:
                blocks.append(nn.LayerNorm(opt.hidden_size))
        self.net = nn.Sequential(*blocks)

    def forward(self, x):
        return self.net(x)


Spec = namedtuple("Spec", "channels kernel stride", defaults=(1,))


class Row(NamedTuple):
    width: int
    bias: bool = False


class F2(nn.Module):
    """Named tuples, with names and without."""

    def __init__(self, specs=(Spec(4, 3, 2), Spec(6, kernel=1)), row=Row(5)):
        super().__init__()
        self.convs = nn.ModuleList()
        last = 3
        for spec in specs:
            channels, kernel, stride = spec
            self.convs.append(nn.Conv2d(last, channels, kernel, stride, padding=spec.kernel // 2))
            last = spec.channels
        self.head = nn.Linear(last, row.width, bias=row[1])

    def forward(self, x):
        for conv in self.convs:
            x = torch.relu(conv(x))
        return self.head(x.mean((2, 3)))


class Dotted(dict):
    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value


class Node:
    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)
        self.folder = os.path.join("runs", "first")
        self.words = [name.split(".") for name in os.listdir(".")]


class F3(nn.Module):
    """Tables whose keys are attributes; what can't be read in one of them hurts nobody who does not ask."""

    def __init__(self):
        super().__init__()
        cfg = Dotted(width=6, inner=Dotted(bias=False))
        cfg.depth = 2
        node = Node(width=8, act="silu")
        more = SimpleNamespace(**vars(node))
        self.first = nn.Linear(cfg["width"], node.width, bias=cfg.inner.bias)
        self.rest = nn.ModuleList([nn.Linear(more.width, more.width) for _ in range(cfg.depth)])
        self.act = nn.SiLU() if node.act == "silu" else nn.ReLU()

    def forward(self, x):
        x = self.first(x)
        for layer in self.rest:
            x = self.act(layer(x))
        return x


class F4(nn.Module):
    """Sizes that are computed with NumPy, and Python's tools for lists."""

    def __init__(self, field_dims=np.array([3, 4, 5]), hidden=np.asarray([8, 6])):
        super().__init__()
        self.embed = nn.Embedding(int(sum(field_dims)), 4)
        self.offsets = np.array((0, *np.cumsum(field_dims)[:-1]), dtype=np.int64)
        sizes = np.concatenate([[field_dims.size * 4], hidden])
        counts = defaultdict(int)
        for width, times in itertools.product((1, 2), repeat=2):
            counts[width] += times
        layers = OrderedDict()
        for i in range(0, sizes.size - 1):
            layers[f"fc{i}"] = nn.Linear(int(sizes[i]), int(sizes[i + 1]))
            layers[f"act{i}"] = nn.ReLU()
        self.mlp = nn.Sequential(layers)
        self.out = nn.Linear(int(hidden[-1]), sorted(counts.items(), key=lambda pair: -pair[1])[0][1])

    def forward(self, x):
        x = x + x.new_tensor(self.offsets).unsqueeze(0)
        return self.out(self.mlp(self.embed(x).flatten(1)))


class Registry:
    def __init__(self):
        self._known = {}

    def register(self, name=None):
        def keep(cls):
            self._known[name or cls.__name__] = cls
            return cls

        return keep

    def build(self, cfg):
        cfg = cfg.copy()
        return self._known[cfg.pop("type")](**cfg)


BLOCKS = Registry()


@BLOCKS.register()
class Plain(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


@BLOCKS.register("gated")
class Gated(nn.Module):
    def __init__(self, width, power=1):
        super().__init__()
        self.fc = nn.Linear(width, 2 * width)
        self.power = power

    def forward(self, x):
        value, gate = self.fc(x).chunk(2, -1)
        return value * gate.sigmoid() ** self.power


class F5(nn.Module):
    """Blocks out of a registry, a class by its name in the module, a layer out of a text."""

    def __init__(self, cfg=({"type": "Plain", "width": 6}, dict(type="gated", width=6, power=2))):
        super().__init__()
        self.blocks = nn.Sequential(*map(BLOCKS.build, cfg))
        self.last = globals()["Plain"](6)
        self.more = getattr(sys.modules[__name__], "Gated")(width=6)
        self.act = eval("nn.LeakyReLU(0.2)")

    def forward(self, x):
        return self.more(self.act(self.last(self.blocks(x))))


class Mode(Enum):
    MEAN = "mean"
    MAX = "max"


@dataclass
class Settings:
    width: int = 6
    mode: Mode = Mode.MAX
    kernels: list = field(default_factory=lambda: [1, 3])


class F6(nn.Module):
    """A dataclass with an Enum, a generator that gives layers, a default that is a name of the class."""

    KIND = "max"

    def __init__(self, settings=Settings(), kinds=(KIND, "mean")):
        super().__init__()
        self.settings, self.kinds = settings, kinds
        self.convs = nn.ModuleList(self.each())

    def each(self):
        for kernel in self.settings.kernels:
            yield nn.Conv1d(4, self.settings.width, kernel, padding=kernel // 2)

    def forward(self, x):
        found = [conv(x) for conv in self.convs]
        pooled = {"max": lambda one: one.amax(-1), "mean": lambda one: one.mean(-1)}
        assert self.settings.mode.value == self.kinds[0]
        return torch.cat([pooled[kind](one) for kind, one in zip(self.kinds, found)], 1)


class F7(nn.Module):
    """What a library would bring, where it is not there; an error that is foreseen."""

    def __init__(self, patch=4, drop=0.1):
        super().__init__()
        kernel = to_2tuple(patch)
        self.proj = nn.Conv2d(3, 8, kernel, stride=kernel)
        self.drop = DropPath(drop)
        try:
            width = {"small": 8}["large"]
        except KeyError:
            width = 5
        self.head = nn.Linear(8, width)

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        return self.head(x + self.drop(x)).mean(1)


class F8(nn.Module):
    """Nothing must be given: `input_ids=None, labels=None`."""

    def __init__(self, vocab=20, width=8):
        super().__init__()
        self.wte = nn.Embedding(vocab, width)
        self.head = nn.Linear(width, vocab, bias=None)

    def forward(self, input_ids=None, attention_mask=None, labels=None, **kwargs):
        if input_ids is None:
            raise ValueError("nothing was given")
        shape = input_ids.size()
        hidden = self.wte(input_ids.view(-1, shape[-1]))
        if attention_mask is None:
            attention_mask = torch.ones(shape, device=input_ids.device)
        mask = (1.0 - attention_mask[:, None, :]) * torch.finfo(hidden.dtype).min
        scores = hidden @ hidden.transpose(1, 2) + mask
        scores = torch.where(scores > 0, scores, torch.full([], -1.0, dtype=scores.dtype))
        hidden = scores.softmax(-1) @ hidden
        logits = self.head(hidden[:, [-1], :])
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
        return (logits,) if loss is None else (loss, logits)
