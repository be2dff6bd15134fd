"""What the clients of all families have in common, over a fake server and virtual time."""
