"""Reports of a session: complete enough to act on, safe enough to forward.

:mod:`pinned_tui.report.export` is the way out: nothing leaves but through its last scan.
"""
