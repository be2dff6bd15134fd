"""One call: pacing, login, retry, and what the driver is asked to do. No I/O."""
