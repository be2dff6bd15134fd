"""From bytes to typed values and back, without a client."""
