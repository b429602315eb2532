"""Inspects one input as the commands do, and says what must not have happened."""

import re
import time
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pinned_tui.inspect.dispatch import INSPECTORS, look
from pinned_tui.inspect.model import InputKind, InspectionContext, read_input
from pinned_tui.redaction.secret_strength import is_secret_worthy
from pinned_tui.session import decode, encode
from tests.corpus.judging import leaks, session_of
from tests.corpus.reading import NOW, items

SECONDS_PER_MB = 5.0
"""The most of a processor's time that an input of 1 MB or less may take."""

_LONG = 20
"""From how many characters on a mixed token counts as a key wherever it stands."""

KINDS: tuple[InputKind | None, ...] = (None, *INSPECTORS)
"""What a user may say that an input is, nothing at all first."""


@dataclass(frozen=True)
class Found:
    """What was wrong with an inspection.

    Attributes:
        what: In words.
        place: What inputs with the same fault have in common.
    """

    what: str
    place: str


def inspect(data: bytes, kind: InputKind | None = None) -> Found | None:
    """Inspect ``data`` and return what is wrong with how it went, if anything is."""
    began = time.process_time()
    pasted = read_input(data)
    try:
        inspection = look(pasted, InspectionContext(now=NOW), kind)
        session = session_of(pasted, inspection)
        if decode(encode(session)) != session:
            return Found("the session is another one when it is read again", "decode")
    except Exception as error:  # noqa: BLE001 - that it raises is what is looked for
        return Found("".join(traceback.format_exception(error)), _raised_at(error))
    seconds = time.process_time() - began
    if seconds > SECONDS_PER_MB * max(1.0, len(data) / 1_000_000):
        return Found(f"took {seconds:.1f} s for {len(data):,} bytes", f"slow as {inspection.kind}")
    if session.outcome is None or (session.outcome == "healthy" and not inspection.judged):
        return Found("nothing was judged, and the outcome is healthy", f"empty {inspection.kind}")
    planted = tuple(secret for secret in _secrets() if _stands_alone(secret, pasted.text))
    for leak in leaks(planted, session) if planted else ():
        return Found(leak.told, f"leak in {inspection.kind}: {leak.told.partition(':')[0]}")
    return None


def _raised_at(error: BaseException) -> str:
    """Name the innermost line of the product that an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "pinned_tui" in Path(one.filename).parts]
    last = (ours or frames)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


@cache
def _secrets() -> tuple[str, ...]:
    """Return the credentials in the files of the corpus that are told by their looks alone.

    Short ones are told by the place that they stand in, which harm takes from them.
    """
    every = {secret for item in items() for secret in item.secrets if len(secret) >= _LONG}
    return tuple(sorted(secret for secret in every if is_secret_worthy(secret)))


def _stands_alone(secret: str, text: str) -> bool:
    """Return whether a secret stands in a text as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", text) is not None
