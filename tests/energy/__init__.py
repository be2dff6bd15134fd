"""The energy management API: how its client behaves, and whether the mock agrees with itself."""
