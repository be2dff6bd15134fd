"""The mock server itself: what it answers to anything, its own endpoints, its command."""
