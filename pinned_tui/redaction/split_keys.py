"""Finds keys that are written in pieces: in groups, as numbers of octets, as a sum, folded.

Whoever reads a key aloud or debugs an encoding writes it so. Once found, the key itself is handed
on, so that it is found in any other form too.
"""

import re
from collections.abc import Iterator

from pinned_tui.redaction.credentials import credential_spans
from pinned_tui.redaction.decoded_views import View
from pinned_tui.redaction.named_values import place_spans
from pinned_tui.redaction.secret_strength import is_random
from pinned_tui.redaction.tokens import is_hash_name, token_spans

_GROUPS = re.compile(
    r"(?<![A-Za-z0-9:-])(?P<first>[A-Za-z0-9]{2,8})(?P<sign>[ \t]{1,2}|:)"
    r"[A-Za-z0-9]{2,8}(?:(?P=sign)[A-Za-z0-9]{2,8}){2,40}(?![A-Za-z0-9])"
)
_SAYS_KEY = re.compile(r"key|token|secret|bearer|passw|credential", re.IGNORECASE)
_FAR = 60
_SHORTEST = 16
_MIXED_GROUP = re.compile(r"[a-zA-Z][0-9]|[0-9][a-zA-Z]")

_NUMBERS = re.compile(
    r"(?<![\w.])(?:(?:0x[0-9A-Fa-f]{2}|[0-9]{2,3})(?:,[ \t\r\n]{0,20}|[ \t])){11,4096}"
    r"(?:0x[0-9A-Fa-f]{2}|[0-9]{2,3})(?![\w.])"
)
_NUMBER = re.compile("0x[0-9A-Fa-f]{2}|[0-9]{2,3}")
_DUMP_LINE = re.compile(
    r"^[ \t]*[0-9A-Fa-f]{4,16}:?[ \t]+(?P<octets>(?:[0-9A-Fa-f]{2}[ \t]{0,2}){2,32})[^\n]*",
    re.MULTILINE,
)
_SUM = re.compile(
    r"""["'][ \t]*(?:\r?\n[ \t]*)?(?:[+&]|\.{1,2}|\|\||\\?\r?\n)[ \t]*(?:\r?\n[ \t]*)?["']"""
)

_FOLDED = re.compile(
    r"(?:authorization|x-api-key)[ \t]*:[ \t]*(?:(?:bearer|basic|token)[ \t]+)?"
    r"(?P<head>[\w.~+/=-]{6,200})\r?\n[ \t]{1,20}(?P<tail>[\w.~+/=-]{6,200})[ \t]*(?=\r?\n|\Z)",
    re.IGNORECASE,
)
"""A header whose value goes on in the next line, which RFC 9112 §5.2 calls obsolete folding."""


def in_pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and the key itself of what is written in pieces."""
    yield from _grouped(text)
    yield from _numbered(text)
    yield from _summed(text)
    yield from _dumped(text)
    yield from _folded(text)


def _grouped(text: str) -> Iterator[tuple[int, int, str]]:
    """Find groups of equal length, and a shorter rest, where a word before says what they are."""
    for cue in _SAYS_KEY.finditer(text):
        line_end = text.find("\n", cue.end())
        last = min(cue.end() + _FAR, len(text) if line_end < 0 else line_end)
        match = _GROUPS.search(text, cue.end())
        if match is None:
            return
        if match.start() > last or is_hash_name(text[cue.start() : match.start()]):
            continue
        found = _equal_groups(match)
        if found is not None:
            yield found


def _equal_groups(match: re.Match[str]) -> tuple[int, int, str] | None:
    """Return the groups of one length at the end or beginning of ``match`` as one key."""
    groups = list(re.finditer("[A-Za-z0-9]+", match[0]))
    size = max(set(map(len, (one[0] for one in groups))), key=[len(g[0]) for g in groups].count)
    run = [one for one in groups if len(one[0]) == size]
    first, last = groups.index(run[0]), groups.index(run[-1])
    if last - first + 1 != len(run):
        return None
    key = "".join(one[0] for one in run)
    mixed = sum(_MIXED_GROUP.search(one[0]) is not None for one in run)
    if len(key) < _SHORTEST or not is_random(key) or mixed * 3 < len(run):
        return None
    return match.start() + run[0].start(), match.start() + run[-1].end(), key


def _numbered(text: str) -> Iterator[tuple[int, int, str]]:
    """Find lists of octets that are a text with a key in it."""
    for match in _NUMBERS.finditer(text):
        octets = [int(one, 16 if "x" in one else 10) for one in _NUMBER.findall(match[0])]
        if not all(9 <= octet < 127 for octet in octets):
            continue
        read = "".join(map(chr, octets))
        for start, end in (*credential_spans(read), *token_spans(read), *place_spans(read)):
            yield (*match.span(), read[start:end])


def _summed(text: str) -> Iterator[tuple[int, int, str]]:
    """Find keys that a program puts together of texts in quotes."""
    if not _SUM.search(text):
        return
    view = View(text).rewritten(_SUM, lambda _: "", "put together")
    for start, end in (*credential_spans(view.text), *token_spans(view.text)):
        yield (*view.span(start, end), view.text[start:end])


def _dumped(text: str) -> Iterator[tuple[int, int, str]]:
    """Find the lines of a hex dump that hold a key; their characters stand at the end of them."""
    lines = list(_DUMP_LINE.finditer(text))
    if not lines:
        return
    octets = [bytes.fromhex("".join(line["octets"].split())) for line in lines]
    read = b"".join(octets).decode("latin-1")
    of_line = [number for number, some in enumerate(octets) for _ in some]
    for start, end in (*credential_spans(read), *token_spans(read), *place_spans(read)):
        for number in range(of_line[start], of_line[end - 1] + 1):
            yield lines[number].start("octets"), lines[number].end(), read[start:end]


def _folded(text: str) -> Iterator[tuple[int, int, str]]:
    """Find the key of a header that was broken over two lines."""
    for match in _FOLDED.finditer(text):
        key = match["head"] + match["tail"]
        if is_random(key) and is_random(match["tail"]):
            yield match.start("head"), match.end("tail"), key
