"""The patterns of einops in a source are drawn as the reshaping they stand for; torch says what comes out."""

from collections.abc import Callable

import pytest
import torch

from nndesigner import plan
from nndesigner.model import Network
from nndesigner.script.reader import Source, read

pytestmark = pytest.mark.usefixtures("young_heap")

SOURCE = """
from torch import nn
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange, Reduce


class Net(nn.Module):
    def __init__(self, h=2):
        super().__init__()
        self.h = h
        self.layer = nn.Sequential({layer})

    def forward(self, x):
        return {call}
"""
LAYER = "nn.Identity()"
X = torch.arange(2 * 4 * 6 * 8, dtype=torch.float32).reshape(2, 4, 6, 8)


def read_and_run(call: str, layer: str = LAYER) -> torch.Tensor:
    reading = read(Source(SOURCE.format(call=call, layer=layer), inputs=(tuple(X.shape),)))
    assert not reading.errors
    found = Network(plan.make(reading.project))(X)
    assert isinstance(found, torch.Tensor)
    return found


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("rearrange(x, 'b c h w -> b h w c')", lambda x: x.permute(0, 2, 3, 1)),
        ("rearrange(x, 'b c h w -> b (h w) c')", lambda x: x.flatten(2).transpose(1, 2)),
        (
            "rearrange(x, 'b (g c) h w -> (b g) c h w', g=self.h)",
            lambda x: x.reshape(4, 2, 6, 8),
        ),
        (
            "rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=2, q=4)",
            lambda x: x.reshape(2, 4, 3, 2, 2, 4).permute(0, 2, 4, 3, 5, 1).reshape(2, 6, 32),
        ),
        ("rearrange(x, 'b ... -> b (...)')", lambda x: x.flatten(1)),
        ("reduce(x, 'b c h w -> b c', 'mean')", lambda x: x.mean((2, 3))),
        (
            "reduce(x, 'b c (h p) (w q) -> b c h w', 'max', p=2, q=2)",
            lambda x: torch.nn.functional.max_pool2d(x, 2),
        ),
        ("repeat(x, 'b c h w -> b c r h w', r=3)", lambda x: x.unsqueeze(2).expand(2, 4, 3, 6, 8)),
    ],
)
def test_a_pattern_does_what_torch_does(call: str, expected: Callable[[torch.Tensor], torch.Tensor]) -> None:
    assert torch.equal(read_and_run(call), expected(X))


def test_a_pattern_may_be_a_layer() -> None:
    found = read_and_run("self.layer(x)", "Rearrange('b c h w -> b (h w) c'), nn.Identity()")

    assert torch.equal(found, X.flatten(2).transpose(1, 2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("rearrange(x, 'b c h -> b h c')", "3 axes"),
        ("rearrange(x, 'b c h w -> b c h')", "one side"),
        ("rearrange(x, 'b (g c) h w -> b g c h w')", "not parted"),
        ("repeat(x, 'b c h w -> b c r h w')", "how long r is"),
    ],
)
def test_a_pattern_that_does_not_fit_is_told(call: str, words: str) -> None:
    reading = read(Source(SOURCE.format(call=call, layer=LAYER), inputs=(tuple(X.shape),)))

    assert any(words in remark.message for remark in reading.errors)
