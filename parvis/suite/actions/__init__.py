"""Changes to the catalogue and to people's own menus."""
