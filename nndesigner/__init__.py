"""Draw a neural network, see at once whether it fits, train it, leave with a PyTorch script."""

__version__ = "0.1.0"
