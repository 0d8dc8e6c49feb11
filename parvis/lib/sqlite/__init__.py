"""Django's SQLite backend: each statement is rewritten for the driver once, not each time that it is sent."""
