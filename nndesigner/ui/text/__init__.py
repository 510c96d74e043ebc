"""A text of Python that is read and typed in: the editor, what its keys do, its gutter, its marks, finding in it."""
