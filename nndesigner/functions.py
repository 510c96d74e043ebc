"""Functions that people write in `forward` and torch lacks. A script gets the source of those it uses, as it is here,
so each stands alone: it calls torch and nothing else of this program.
"""

import torch


def positions(x: torch.Tensor) -> torch.Tensor:
    """0, 1, 2, … along the second axis of x."""
    return torch.arange(x.shape[1], device=x.device)


def causal_mask(x: torch.Tensor) -> torch.Tensor:
    """A mask over the second axis of x, true where a position would look at a later one."""
    length = x.shape[1]
    return torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)


def expand_batch(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """x of shape (1, …), once for each sample of like."""
    return x.expand(like.shape[0], *x.shape[1:])


def padding_mask(tokens: torch.Tensor, padding_idx: int = 0) -> torch.Tensor:
    """A mask of the shape of tokens, true where a token only fills up its row."""
    return tokens == padding_idx


def positional_encoding(x: torch.Tensor) -> torch.Tensor:
    """x of shape (batch, positions, features), with sines and cosines of each position added."""
    length, size = x.shape[1:]
    rates = 10000 ** (-torch.arange(0, size, 2, device=x.device) / size)
    angles = torch.arange(length, device=x.device)[:, None] * rates
    return x + torch.stack((angles.sin(), angles.cos()), 2).flatten(1)[:, :size].to(x.dtype)
