"""The tests, by what they hold: the contract, the SDK without a server, the families against the mock."""
