"""The prepaid platform: the real clients over a live mock, one file per capability."""
