"""The screens of the catalogue, and the launcher's documents."""
