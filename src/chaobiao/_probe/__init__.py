"""Which interpretation of the documents a server shows: from its responses, to the switches that a client needs."""
