"""The fields by which an answer shows that it comes from a cache. Pure."""

import re
from collections.abc import Mapping

_HIT_FIELDS = ("x-cache", "cf-cache-status", "cache-status")
_AGE = re.compile(r"0*[1-9][0-9]{0,11}")
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


def cache_marks(headers: Mapping[str, str]) -> list[str]:
    """Return the marks of a cache among ``headers`` (by lower-case name), as they came.

    ``Age`` is the time in a cache (RFC 9111, section 5.1); ``Cache-Status`` tells of a hit
    (RFC 9211), and so do the fields that content networks use.
    """
    age = headers.get("age", "").strip()
    marks = [f"Age: {age}"] if _AGE.fullmatch(age) else []
    return marks + [
        f"{name}: {value}"
        for name in _HIT_FIELDS
        if (value := headers.get(name)) is not None and _HIT.search(value)
    ]
