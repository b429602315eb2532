"""Widgets: they draw what they are given, and know nothing of checks or HTTP."""
