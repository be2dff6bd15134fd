"""The drivers: what performs a call over HTTP, sync and async."""
