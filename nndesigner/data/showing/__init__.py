"""Looking at a data set: what is worth showing of its records, its fields and its parts, made into plain values."""
