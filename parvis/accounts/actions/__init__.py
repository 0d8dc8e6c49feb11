"""What changes accounts: one verb, one function, in the module of its subject."""
