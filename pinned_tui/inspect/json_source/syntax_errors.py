"""Where a text is no valid JSON (RFC 8259), in words, with what mends it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One place where the text is no JSON.

    Attributes:
        kind: What is wrong there, a name of :data:`WORDS`.
        edit: What mends it; None where nobody can tell what was meant.
    """

    kind: str
    span: Span
    edit: Edit | None = None


WORDS: Mapping[str, tuple[str, str]] = {
    "byte-order-mark": (
        "It begins with a byte order mark (U+FEFF), which JSON must not be sent with",
        "Removed the byte order mark at the beginning.",
    ),
    "comma-too-many": (
        "There is a comma too many{at}: nothing follows it",
        "Removed the comma that nothing follows{times}.",
    ),
    "comma-missing": (
        "A comma is missing{at}, between two values",
        "Put the missing comma between two values{times}.",
    ),
    "single-quotes": (
        "A text stands in single quotes{at}; JSON knows double quotes only",
        "Wrote double quotes in place of single ones{times}.",
    ),
    "smart-quotes": (
        "A text stands in typographic quotes{at}; JSON knows the straight ones only",
        "Wrote straight quotes in place of typographic ones{times}.",
    ),
    "quotes-missing": (
        "{found} stands without quotes{at}",
        "Put quotes around what stood without{times}.",
    ),
    "literal": (
        "{found} is no word of JSON{at}; its words are true, false and null",
        "Wrote true, false and null as JSON does{times}.",
    ),
    "number-form": (
        "{found} is no way in which JSON writes a number{at}",
        "Wrote a number as JSON does{times}.",
    ),
    "no-number": (
        "{found} is no number in JSON{at}: there is no word for it",
        "",
    ),
    "comment": (
        "There is a comment{at}; JSON has none",
        "Removed the comments{times}.",
    ),
    "colon": (
        "{found} stands{at} where JSON has a colon",
        "Wrote a colon between name and value{times}.",
    ),
    "line-break": (
        "A text goes over the end of its line{at}; within a text it is written \\n",
        "Wrote line breaks within texts as \\n{times}.",
    ),
    "control-character": (
        "A control character stands{at} as itself; JSON writes it as an escape",
        "Wrote or removed control characters as JSON does{times}.",
    ),
    "odd-space": (
        "An unusual space stands{at} between the values ({found})",
        "Wrote plain spaces in place of unusual ones{times}.",
    ),
    "escape": (
        "{found} is no escape of JSON{at}; a backslash itself is written twice",
        "Wrote backslashes as JSON does{times}.",
    ),
    "quote-inside": (
        "A quote stands within a text{at} without a backslash before it",
        "Put a backslash before quotes within texts{times}.",
    ),
    "text-not-closed": (
        "The text that begins{at} has no quote at its end",
        "Closed the text whose quote was missing{times}.",
    ),
    "end-missing": (
        "It ends{at} before everything that was opened is closed: {found} is missing",
        "Closed at the end what was open{times}.",
    ),
    "bracket-missing": (
        "{found} is missing{at}: another bracket closes first",
        "Put the bracket that was missing{times}.",
    ),
    "bracket-too-many": (
        "There is more after the end of the value{at}: {found}",
        "Removed what stood after the end of the value{times}.",
    ),
    "braces-missing": (
        "The braces around the fields are missing{at}",
        "Put the fields in braces.",
    ),
    "code-around": (
        "There is code around the JSON{at}: {found}",
        "Removed the code around the JSON{times}.",
    ),
    "two-documents": (
        "A second value begins{at}; a body holds one",
        "",
    ),
    "half-character": (
        "A text holds half a character{at} (a lone surrogate)",
        "",
    ),
    "cut": ("It breaks off in the middle{at}", ""),
    "unexpected": ("{found} stands{at} where {expected} is expected", ""),
    "hopeless": ("Reading it stopped{at}, since too much of it is no JSON", ""),
    "too-deep": ("Its brackets are nested more than {found} deep{at}; servers refuse that", ""),
}
"""What each kind of slip is, in words, and what mending it comes to.

``{at}`` is the place of the first one, ``{found}`` what stands there, ``{times}`` how often.
"""


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
        if slip.kind in WORDS:
            kinds.setdefault(slip.kind, []).append(slip)
    for kind, several in kinds.items():
        yield _fault(text, several, expected, found.get(kind))


def _fault(text: str, several: list[SyntaxFault], expected: str, said: str | None) -> Fault:
    first = several[0]
    line, column = place(text, first.span.start)
    written = clean_line(text[first.span.start : first.span.end], limit=40)
    shown = said or (f"“{written}”" if written else "nothing")
    sentence = WORDS[first.kind][0].format(
        at=f" in line {line}, column {column}", found=shown, expected=expected
    )
    more = f", and in {_counted(len(several) - 1)} more" if len(several) > 1 else ""
    sure = first.kind not in {"byte-order-mark", "too-deep"}
    return Fault(
        "body-malformed-json",
        Certainty.CONFIRMED if sure else Certainty.LIKELY,
        f"{sentence}{more}.",
        subject=f"line {line}, column {column}",
        found=written or None,
        span=first.span,
    )


def _counted(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def changes(slips: Iterable[SyntaxFault]) -> Iterator[str]:
    """Yield what mending the slips comes to, one sentence for each kind."""
    counts: dict[str, int] = {}
    for slip in slips:
        if slip.edit is not None and slip.kind in WORDS:
            counts[slip.kind] = counts.get(slip.kind, 0) + 1
    for kind, count in counts.items():
        yield WORDS[kind][1].format(times=f", {count} times" if count > 1 else "")
