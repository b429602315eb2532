"""The last look at what is about to leave: does any of it give a secret away?"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pinned_tui.redaction.matcher import Matcher, by_name
from pinned_tui.redaction.secret import Secret

_ENOUGH = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A secret was found.

    Attributes:
        name: The secret's name, for example ``key-1``.
        how: In what form, for example ``in base64`` or ``in part, in plain text``.
    """

    name: str
    how: str


def find_leaks(data: bytes | str, secrets: Iterable[Secret]) -> tuple[Leak, ...]:
    """Look for ``secrets`` in ``data``, in any form and in parts, and say in which they are there.

    Meant for the final bytes of everything that is written; anything found means that it must not
    be written. Which values are looked for is told by
    :func:`pinned_tui.redaction.secret_strength.grade`.

    Args:
        data: Bytes in UTF-8 or UTF-16 or a mixture, or text.
        secrets: What must not be in there.

    Returns:
        Each form in which each secret was found, once; empty if there is nothing. The search ends
        after ten thousand finds, so that a text full of a secret is not measured to its end.
    """
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    hits = Matcher(by_name(secrets)).search(text)
    found = islice(hits, _ENOUGH)
    return tuple(sorted({Leak(hit.wanted.name, hit.how) for hit in found}))
