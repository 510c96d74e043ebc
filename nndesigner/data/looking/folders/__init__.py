"""Looking at folders of pictures and of recordings: their classes and parts, their sizes, the files that are no use."""
