"""The protocol's endpoints as an OpenAPI 3.1 document, written from what the code itself knows wherever it does."""
