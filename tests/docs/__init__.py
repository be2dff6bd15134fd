"""The documentation says what is so: its code runs, and what it names is there."""
