"""The hard promises, kept against a live server: concurrency, pacing, faults, secrets, long life."""
