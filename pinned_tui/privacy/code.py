"""Tells the value of a setting from what a program or a reader of settings puts there."""

import re

_CODE = re.compile(
    r"\$?[A-Za-z_][\w.>:-]*[(\[]|\$\{|[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|[a-z][a-z0-9+.-]*://"
    r"|(?:~|\.{1,2}|[a-z]:)?[/\\][\w.\\/-]*\Z|v?\d+(?:\.\d+)+\Z|\[[\w-]+\]",
    re.IGNORECASE,
)


def is_code(value: str) -> bool:
    """Return whether ``value`` begins as a call, a path, an address or a version does."""
    return _CODE.match(value) is not None
