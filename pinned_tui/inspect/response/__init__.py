"""Inspects pasted responses: who sent it, what it means, and what is worth knowing. Pure."""
