"""Looking at a table: its dialect, the types of its columns, the one that is to be predicted, those that give it away."""
