"""What the portfolio's pages and its API read, in a number of queries that does not grow with what they show."""
