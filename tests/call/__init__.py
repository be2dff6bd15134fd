"""The call without I/O: what is repeated, what is struck out."""
