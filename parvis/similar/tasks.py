"""What the worker does for the similar services."""

from parvis.similar import actions

EVERY = 120.0
"""Seconds between two looks at what changed."""


def follow_changes() -> int:
    """Bring what changed into the index."""
    return actions.refresh()
