"""The sessions of the past, in one SQLite file that only its owner may read.

:class:`~pinned_tui.history.fallback.SafeHistory` is what the faces use: it never stops the work.
"""
