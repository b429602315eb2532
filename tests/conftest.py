"""What all tests share."""

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.load_profile("here")
"""No example has a deadline: how long one takes tells of the machine, not of the code."""
