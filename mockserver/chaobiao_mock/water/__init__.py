"""The mock of the water query API."""
