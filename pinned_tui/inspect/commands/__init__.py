"""Reads pasted curl and HTTPie commands, and inspects the requests that they make. Pure."""
