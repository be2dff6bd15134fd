"""The SDK alone: the server is a function behind httpx.MockTransport, and time is virtual."""
