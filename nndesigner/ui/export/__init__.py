"""How a project leaves the window: the forms there are, what each looks like, where it goes, and its proof."""
