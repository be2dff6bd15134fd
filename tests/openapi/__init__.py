"""The contract as OpenAPI documents, and the command that prints them."""
