"""Which of several processes this is, when a run is spread over them by `torchrun`."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import distributed


@dataclass(frozen=True)
class Ranks:
    """This process is number `rank` of `world`, and number `local` on its machine."""

    rank: int = 0
    world: int = 1
    local: int = 0

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and tells."""
        return self.rank == 0

    def share(self, chosen: torch.Tensor) -> tuple[torch.Tensor, int]:
        """The records of a batch that this process computes, and how many of them count; at least one is computed."""
        if self.world == 1:
            return chosen, len(chosen)
        mine = chosen[self.rank :: self.world]
        return (mine, len(mine)) if len(mine) else (chosen[:1], 0)

    def summed(self, numbers: list[float]) -> list[float]:
        """Each number summed over all processes."""
        if self.world == 1:
            return numbers
        device = f"cuda:{self.local}" if distributed.get_backend() == "nccl" else "cpu"
        total = torch.tensor(numbers, dtype=torch.float64, device=device)
        distributed.all_reduce(total)
        found: list[float] = total.tolist()
        return found

    def agreed(self, figures: Mapping[str, float]) -> dict[str, float]:
        """The mean of each figure over all processes: of a batch norm's statistics, each has its own."""
        sums = self.summed([*figures.values()])
        return {name: one / self.world for name, one in zip(figures, sums, strict=True)}

    def any(self, late: bool) -> bool:
        """Whether it is so in any process: each has a clock of its own, and all end together."""
        return self.summed([float(late)])[0] > 0

    def mean(self, number: torch.Tensor) -> torch.Tensor:
        """The mean of a number over all processes."""
        if self.world == 1:
            return number
        return torch.tensor(self.summed([number.item()])[0] / self.world)


def ranks() -> Ranks:
    """What `torchrun` says of this process in its environment; without it, a process alone."""
    if "TORCHELASTIC_RUN_ID" not in os.environ and "RANK" not in os.environ:
        return Ranks()
    number = os.environ.get
    return Ranks(int(number("RANK", "0")), int(number("WORLD_SIZE", "1")), int(number("LOCAL_RANK", "0")))


@contextlib.contextmanager
def together(mine: Ranks, device: str) -> Iterator[None]:
    """Joins the processes of a run for as long as it lasts."""
    if mine.world == 1:
        yield
        return
    joined = not distributed.is_initialized()
    if joined:
        distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield
    finally:
        if joined:
            distributed.destroy_process_group()
