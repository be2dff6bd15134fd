"""The examples do what their docstrings say, also when something fails."""
