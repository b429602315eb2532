"""Where a text is not valid JSON (RFC 8259), in words, with what fixes it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One place where the text is no JSON.

    Attributes:
        kind: What is wrong there, by its table in ``data/sentences/json.toml``.
        edit: What fixes it; None where nobody can tell what was meant.
    """

    kind: str
    span: Span
    edit: Edit | None = None


UNSAID = "brace-at-end"
"""The kind of the brace that is put at the end where those around the fields are missing: what is
said of the one at the beginning, with which it belongs together, says enough."""


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of ``offset`` in ``text``, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def faults(
    text: str, slips: Iterable[SyntaxFault], expected: str, found: Mapping[str, str]
) -> Iterator[Fault]:
    """Yield one fault for each kind of slip, with the place of its first one.

    Args:
        text: The text.
        slips: In the order of the text.
        expected: What should have stood at the one place where reading had to stop.
        found: What stands there instead, by kind, where that is not the text itself.
    """
    kinds: dict[str, list[SyntaxFault]] = {}
    for slip in slips:
        if slip.kind != UNSAID:
            kinds.setdefault(slip.kind, []).append(slip)
    for kind, several in kinds.items():
        yield _fault(text, several, expected, found.get(kind))


def _fault(text: str, several: list[SyntaxFault], expected: str, said: str | None) -> Fault:
    first = several[0]
    line, column = place(text, first.span.start)
    written = clean_line(text[first.span.start : first.span.end], limit=40)
    shown = said or (f"“{written}”" if written else say("json.part.nothing"))
    at = say("json.part.at", line=line, column=column)
    detail = say(f"json.{first.kind}.seen", at=at, found=shown, expected=expected)
    more = len(several) - 1
    if more:
        rest = say("json.part.once-more") if more == 1 else say("json.part.often", count=more)
        detail = detail.removesuffix(".") + rest
    sure = first.kind not in {"byte-order-mark", "too-deep"}
    return Fault(
        "body-malformed-json",
        Certainty.CONFIRMED if sure else Certainty.LIKELY,
        detail,
        subject=f"line {line}, column {column}",
        found=written or None,
        span=first.span,
    )


def changes(slips: Iterable[SyntaxFault]) -> Iterator[str]:
    """Yield what fixing the slips comes to, one sentence for each kind."""
    counts = Counter(slip.kind for slip in slips if slip.edit is not None and slip.kind != UNSAID)
    for kind, count in counts.items():
        change = say(f"json.{kind}.change")
        if count > 1:
            change = change.removesuffix(".") + say("json.part.times", count=count)
        yield change
