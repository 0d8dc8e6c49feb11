"""Pages of the similar services."""
