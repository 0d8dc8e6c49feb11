"""Reading other portfolios into this one."""
