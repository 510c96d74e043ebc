"""Help at hand: what a kind does, its formula as it is printed, a picture of it at work; and tips, each shown once."""
