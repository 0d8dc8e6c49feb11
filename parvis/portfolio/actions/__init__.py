"""What changes the portfolio: one verb, one function, one transaction."""
