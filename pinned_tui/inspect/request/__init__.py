"""What is wrong with a request, whatever it was written in: one module a concern."""
