"""Operations that torch can't write as ONNX, spelled with others that it can, while a network is exported.

What a network computes in evaluation mode is the same but for the last bits; that is compared once the file is written.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class Respelled(TorchFunctionMode):
    """While this lasts, such operations are others."""

    def __torch_function__(
        self, function: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        return _SPELLED.get(function, function)(*args, **(kwargs or {}))


def _leaky(
    given: torch.Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> torch.Tensor:
    """RReLU, whose slope is in the middle of its range where nothing is learned."""
    if training:
        return functional.rrelu(given, lower, upper, training, inplace)
    return functional.leaky_relu(given, (lower + upper) / 2)


def _attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    **more: Any,
) -> torch.Tensor:
    """Attention without an axis of heads, with one head: torch writes it with four axes only."""
    if query.dim() != 3:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask, **more)
    if attn_mask is not None and attn_mask.dim() == 3:
        attn_mask = attn_mask.unsqueeze(1)
    query, key, value = (one.unsqueeze(1) for one in (query, key, value))
    return functional.scaled_dot_product_attention(query, key, value, attn_mask, **more).squeeze(1)


def _cumulative_product(given: torch.Tensor, dim: int) -> torch.Tensor:
    """Products of ever more neighbours: of 2, then of 4, of 8, until they reach to the first (Hillis and Steele, 1986)."""
    count, reach = given.shape[dim], 1
    while reach < count:
        ones = torch.ones_like(given.narrow(dim, 0, reach))
        given = given * torch.cat([ones, given.narrow(dim, 0, count - reach)], dim)
        reach *= 2
    return given


_SPELLED: Mapping[Any, Callable[..., torch.Tensor]] = {
    functional.rrelu: _leaky,
    functional.scaled_dot_product_attention: _attention,
    torch.cumprod: _cumulative_product,
    torch.Tensor.cumprod: _cumulative_product,
}
