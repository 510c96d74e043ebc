"""Data sets in the window: their cards and previews, fetching them, adding one's own, choosing one for the network."""
