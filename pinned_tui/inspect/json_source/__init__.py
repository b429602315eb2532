"""Reads JSON with the place of every name and value, also where it is not valid. Pure."""
