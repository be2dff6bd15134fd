"""The contract as OpenAPI documents."""
