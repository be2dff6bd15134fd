"""The energy family's behaviour beyond what holds for every family."""
