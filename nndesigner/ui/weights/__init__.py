"""Weights from elsewhere in the window: a file dropped or chosen, what of it fits, and the run that begins with it."""
