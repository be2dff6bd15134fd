"""The tests. Their folders mirror the packages; ``harness`` is what they all use."""
