"""OpenAPI documents of the families' APIs."""
