"""The description of endpoints: operations, records, fields and checks. Plain values, no I/O."""
