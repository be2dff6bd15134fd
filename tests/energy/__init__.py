"""The energy management API: clients over the live mock, and whether the mock agrees with itself."""
