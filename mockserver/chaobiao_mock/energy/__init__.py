"""The energy management API of the mock."""
