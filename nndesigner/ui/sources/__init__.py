"""Python sources on their way in: read apart, asked about, opened as projects, with what is to be said of their lines."""
