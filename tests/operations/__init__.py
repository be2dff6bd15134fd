"""Every operation of every family, through the harness: a new operation is tested here without a line of its own."""
