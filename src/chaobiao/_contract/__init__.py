"""What an endpoint is: operations, records, fields and checks. Values only, no I/O."""
