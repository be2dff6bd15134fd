"""Bytes to typed values and back. No I/O."""
