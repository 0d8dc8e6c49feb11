"""Reading the index: what is near a product or a paragraph."""
