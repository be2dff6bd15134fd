"""One harness for all families, parametrised by their descriptors.

- ``wire_formats``: the one table of what a test must know of a family's bytes beside its descriptor
- ``samples``: the documented examples; ``operations``: every operation, and the lists that tests are parametrised with
- ``clients``: a sync or async client behind one awaited interface; ``fake_server``: a scripted server behind it
- ``mock_server``: a world on the live mock server; ``concurrency``: many callers at once under one virtual clock
- ``leaks``: looks for secrets in whatever comes out
"""
