"""The vocabulary of the public repository of the beta.gouv.fr network: organisations, incubators, products, people."""
