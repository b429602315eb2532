"""Finds what a regular expression can't match without, so that most need not be searched for.

A search for a plain text is many times faster than one for a regular expression that disregards
case.
"""

import functools
import re

_TOKEN = re.compile(
    r"\\(?P<escaped>[^A-Za-z0-9])|(?P<class>\\\w|\[\^?\]?(?:[^\]\\]|\\.)*\]|[.^$])"
    r"|(?P<optional>[?*]|\{\d*,?\d*\})|(?P<sign>[\s\S])"
)
_SHORTEST = 4


@functools.cache
def literal_of(form: str) -> str:
    """Return the longest text, in small letters, that is in all that ``form`` matches.

    Empty where there is none that is worth a search, or where it is not easily told.
    """
    runs, depth = [""], 0
    for token in _TOKEN.finditer(form):
        sign = token["sign"] or token["escaped"]
        if token["sign"] == "|" and depth == 0:
            return ""
        if token["optional"]:
            runs[-1] = runs[-1][:-1]  # what stands before it may be missing
        if sign is None or token["sign"] in {"(", ")", "+"}:
            depth += {"(": 1, ")": -1}.get(sign or "", 0)
            runs.append("")
        elif depth == 0:
            runs[-1] += sign
    longest = max(runs, key=len).lower()
    return longest if len(longest) >= _SHORTEST else ""


def may_match(form: str, small: str) -> bool:
    """Return whether ``form`` may match, without regard to case, a text given in small letters."""
    return literal_of(form) in small
