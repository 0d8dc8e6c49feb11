"""The home's pages."""
