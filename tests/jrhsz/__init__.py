"""The prepaid platform: clients over the live mock, one file for each resource, and its codes."""
