"""The live checks, one module a concern, and the runner that orders them."""
