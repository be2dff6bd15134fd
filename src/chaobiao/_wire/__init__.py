"""Conversion between bytes and typed values. No I/O."""
