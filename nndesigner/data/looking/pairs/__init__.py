"""Looking at pairs of sentences: in two columns of one file, in two files line by line, or in a folder of such files."""
