"""Tells the requests of a log as a story: what belongs together, and what came of it. Pure."""
