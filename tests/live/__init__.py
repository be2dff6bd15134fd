"""The promises that need a live server: concurrency, pacing, faults, secrets, long-running clients."""
