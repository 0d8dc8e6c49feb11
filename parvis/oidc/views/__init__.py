"""Pages of the OpenID provider, and the doors of its endpoints."""
