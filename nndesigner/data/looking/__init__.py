"""Looking at files once, so that they can be read again with nothing left to guess; a module for each kind of data."""
