"""The report as Markdown (CommonMark with the tables of GitHub's flavour).

Much of the text is foreign: messages of a server, titles, names. None of it may become a link, an
image, a mention of a user, HTML or the end of a table cell, wherever the report is pasted. Signs
that mean something in Markdown are escaped; words that forges turn into links or mentions by
themselves, which no escape prevents, are shown as code.
"""

import re
from collections.abc import Iterable
from typing import Final

from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.report.blocks import (
    AttemptRow,
    Attempts,
    Block,
    Bullets,
    Code,
    CodeBlock,
    Excerpt,
    FactList,
    Heading,
    Inline,
    InlineLine,
    Link,
    Paragraph,
    Rule,
    Signed,
    SignedRow,
    Steps,
    Strong,
    Styled,
    Table,
    line,
)
from pinned_tui.report.content import AnswerWords, bare_words, content
from pinned_tui.session import Session

_OWN_PAGE: Final = re.compile(r"https://pinned\.events/[A-Za-z0-9/_-]*(#[A-Za-z0-9_-]*)?")

_LIVELY: Final = re.compile(
    r"""
      ://                              # addresses
    | @                                # mentions, e-mail addresses
    | \#\d | \bGH-\d                  # issues
    | :[a-z+-][\w+-]*:                 # emoji
    | [^\s.][.\u3002\uff0e\uff61][^\W\d]{2}  # names of hosts and files
    | [^\W_]_[^\W_]                   # identifiers, which read better so
    """,
    re.VERBOSE,
)
_CLOSING: Final = ".,;:?"
"""What ends a clause, and is not part of an identifier that a reader copies."""

_SIGNS: Final = re.compile(r"[\\`*_\[\]#~$^]")
_BLANKS: Final = re.compile(r"(\s+)")
_OPENING: Final = re.compile(r"\A(?:[-+=]|\d+(?=[.)](?:\s|\Z)))")
_ENTITIES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("|"): "&#124;"}


def render(session: Session, *, words: AnswerWords = bare_words) -> str:
    """Write the report of ``session`` as Markdown.

    Args:
        session: Any session.
        words: Puts the answers that the user gave into words.
    """
    return write(content(session, words))


def write(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown."""
    return "\n\n".join(_block(block) for block in blocks) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, spans):
            return f"{'#' * level} {_line(spans)}"
        case Paragraph(spans, label):
            return _line(line(Strong(f"{label}:"), " ", *spans) if label else spans)
        case Bullets(lines, label):
            head = f"{_line(line(Strong(f'{label}:')))}\n\n" if label else ""
            return head + "\n".join(f"- {_line(one)}" for one in lines)
        case FactList(facts):
            named = (line(Strong(f"{name}:"), " ", *spans) for name, spans in facts)
            return "\n".join(f"- {_line(one)}" for one in named)
        case Signed(signed):
            return "\n".join(_signed(one) for one in signed)
        case Attempts(attempts):
            rows = tuple(_attempt(one) for one in attempts)
            return "\n".join(_table(_ATTEMPT_HEAD, rows))
        case Excerpt(text):
            return _line((Code(text),))
        case Rule():
            return "---"
        case Steps(lines):
            return "\n".join(f"{number}. {_line(one)}" for number, one in enumerate(lines, 1))
        case Table(head, rows):
            return "\n".join(_table(head, rows))
        case CodeBlock(text, language):
            return _listing(text, language)


def _signed(one: SignedRow) -> str:
    spans = line(one.sign, "  " if one.line else "", *one.line)
    return "\n  ".join((f"- {_line(spans)}", *filter(None, map(_line, one.below))))


_ATTEMPT_HEAD: Final = ("Line", "When", "Request", "Status", "Came to", "Key", "About")


def _attempt(row: AttemptRow) -> tuple[InlineLine, ...]:
    words = (row.line, row.when, Code(row.request), row.status, str(row.mark), row.key, row.about)
    return tuple(line(one) for one in words)


def _listing(text: str, language: str) -> str:
    """Write a fenced block; its fence is longer than any run of its sign within."""
    cleaned = "\n".join(clean_line(one) for one in text.replace("\r\n", "\n").split("\n"))
    longest = max((len(run) for run in re.findall("`+", cleaned)), default=0)
    fence = "`" * max(longest + 1, 3)
    name = language if language.isalnum() and language.isascii() else ""
    return f"{fence}{name}\n{cleaned}\n{fence}"


def _table(head: tuple[str, ...], rows: tuple[tuple[InlineLine, ...], ...]) -> Iterable[str]:
    yield _row(_text(title) for title in head)
    yield _row("---" for _ in head)
    for row in rows:
        yield _row(_line(cell) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(spans: InlineLine) -> str:
    """Write one line; what would make its beginning a list or an underline is escaped."""
    written = ""
    for piece in map(_span, spans):
        gap = " " if written.endswith("`") and piece.startswith("`") else ""
        written += gap + piece  # two fences that touch would be one longer fence
    return _OPENING.sub(_escape_last, written.strip())


def _span(span: Inline) -> str:
    match span:
        case Code(text):
            return _code(text)
        case Strong(text):
            written = _text(text).strip()
            return f"**{written}**" if written else ""
        case Styled(text):
            return _text(text)
        case Link(url) if _OWN_PAGE.fullmatch(url):
            return f"<{url}>"
        case Link(url):
            return _code(url)
        case text:
            return _text(text)


def _text(text: str) -> str:
    """Write plain text so that it stays plain text."""
    return "".join(_word(word) for word in _BLANKS.split(clean_line(text)))


def _word(word: str) -> str:
    if _LIVELY.search(word):
        core = word.rstrip(_CLOSING)
        if not _LIVELY.search(core):
            core = word
        return _code(core) + word[len(core) :]
    return _SIGNS.sub(r"\\\g<0>", word).translate(_ENTITIES)


def _escape_last(match: re.Match[str]) -> str:
    """Escape a sign, or the sign after a number that would begin a numbered list."""
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def _code(text: str) -> str:
    """Write text character by character, with a fence that is longer than any within.

    A ``|`` ends a table cell even there, so it stands outside as an entity.
    """
    pieces = clean_line(text).split("|")
    return "&#124;".join(_fenced(piece) if piece.strip() else piece for piece in pieces)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"
