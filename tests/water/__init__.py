"""The water query API over a real socket: both clients against the mock, and the mock against itself."""
