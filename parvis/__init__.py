"""Parvis: the common workplace of teams that build public services."""

__version__ = "0.1.0"
