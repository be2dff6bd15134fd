"""Records the traffic with a real server: samples of its operations, and what it shows of each ambiguity."""
