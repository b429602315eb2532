"""Screens: one module each, on the common :class:`pinned_tui.tui.screens.page.Page`."""
