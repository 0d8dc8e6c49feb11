"""The directory in the operator console. Every change goes through the actions of the pages, and so to the journal."""

from parvis.directory.admin import groups, organizations, people

__all__ = ["groups", "organizations", "people"]
