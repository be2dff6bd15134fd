"""The mock server: what it returns to any request, its own endpoints, its command."""
