"""Adding by word: the line that is typed, the search where the pointer is, and what a person uses most."""
