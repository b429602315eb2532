"""pinned-tui: from "my Pinned Events integration fails" to a proven fix."""

__version__ = "0.1.0"
