"""What the vendors' documents say, transcribed by hand, against what the code says."""
