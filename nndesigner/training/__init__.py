"""Training a project: a generator of reports, the same for the window, the command line and a child process."""
