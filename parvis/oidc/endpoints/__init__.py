"""The protocol's endpoints for programs, each a function from a request to a response."""
