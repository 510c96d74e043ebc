"""Functions that people write in `forward` and torch lacks. A script gets the source of those it uses, as it is here,
so each stands alone: it calls torch and nothing else of this program.
"""

import torch


def positions(x: torch.Tensor) -> torch.Tensor:
    """0, 1, 2, … along the second axis of x."""
    return torch.arange(x.shape[1], device=x.device)
