"""Clients against raw servers on real sockets: what no HTTP library would send."""
