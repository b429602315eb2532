"""Checks: what is asked, which probes run, and what their observations come to."""
