"""The mock of the prepaid platform."""
