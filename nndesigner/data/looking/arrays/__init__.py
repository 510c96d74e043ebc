"""Looking at arrays: IDX files, as MNIST comes in, and NPZ files of NumPy."""
