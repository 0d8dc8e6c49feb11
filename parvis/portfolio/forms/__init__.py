"""Forms of the portfolio. They parse and check; actions change."""
