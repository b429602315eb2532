"""The sessions of the past, in one SQLite file that only its owner may read.

:class:`~pinned_tui.history.fallback.FallbackStore` is what the app uses: it never stops the work.
"""
