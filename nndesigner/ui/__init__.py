"""The window: everything that knows Qt. Nothing outside imports it but the command that opens it."""
