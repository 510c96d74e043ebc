"""What flows along a wire.

Shapes are worked out with a batch of a large prime number of samples. No layer has a size of that many by itself, so
wherever the number turns up in a shape, it is the batch, also after a permutation, and also folded into another axis.
"""

from dataclasses import dataclass

CHECK_BATCH = 8191


@dataclass(frozen=True, slots=True)
class TensorType:
    """Sizes, those with the batch in it multiples of `CHECK_BATCH`, and a dtype such as `float32` or `int64`.

    `classes` is the number of classes where the tensor holds class numbers, as far as the data set tells.
    """

    sizes: tuple[int, ...]
    dtype: str = "float32"
    classes: int | None = None

    def __str__(self) -> str:
        return "×".join(self.axes) if self.sizes else "a single number"

    @property
    def axes(self) -> tuple[str, ...]:
        """The sizes for people: `N` for the batch, `4N` where each sample fills four places."""
        return tuple(axis_words(size) for size in self.sizes)

    @property
    def named(self) -> tuple[int | str, ...]:
        """The sizes as numbers, but for those with the batch in them."""
        return tuple(size if size % CHECK_BATCH or not size else axis_words(size) for size in self.sizes)

    @property
    def batched(self) -> bool:
        """Whether there is a batch in it; there is none in a learned parameter or a mask."""
        return any(size and size % CHECK_BATCH == 0 for size in self.sizes)

    @property
    def elements(self) -> int:
        """How many numbers one sample has."""
        count = 1
        for size in self.at(1):
            count *= size
        return count

    @property
    def is_float(self) -> bool:
        """Whether gradients can flow through it."""
        return self.dtype.startswith(("float", "bfloat"))

    def at(self, batch: int) -> tuple[int, ...]:
        """The sizes with a batch of so many samples."""
        return tuple(
            size // CHECK_BATCH * batch if size and size % CHECK_BATCH == 0 else size for size in self.sizes
        )


def axis_words(size: int) -> str:
    """One size for people: `64`, `N`, `4N`."""
    if size == 0 or size % CHECK_BATCH:
        return str(size)
    times = size // CHECK_BATCH
    return "N" if times == 1 else f"{times}N"
