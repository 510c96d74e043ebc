"""Data sets by name: their fields as arrays, split into parts, prepared as tensors."""
