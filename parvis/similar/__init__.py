"""Services that meet the same need, here and in other countries."""
