"""Undoes what mails, chats, trackers and build logs do to a text that is pasted into them.

Each way of restoring asks for a sign that only such a text has. What a program would really send
stays as it is: a typographic quote in a body is a fault of the body.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from pinned_tui.inspect.commands import starts
from pinned_tui.inspect.parts.mapped import MappedText, TextEdit

FILLS_IN = "variables"
"""The way of restoring that takes nothing out: it puts in what a script's variables hold."""

MOST_RESTORED = 128 * 1024
"""Characters of a text that is restored; longer ones are files, which nobody sends in a mail."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,300}(?:\x07|\x1b\\))")
_QUOTED = re.compile(r"^[ \t]?>[ \t]?", re.MULTILINE)
_VERBOSE = re.compile(r"^[ \t]?> (?:[A-Z]{3,7} \S+ HTTP/|[A-Za-z-]+: \S)", re.MULTILINE)
_PYTHON_PROMPT = re.compile(r"^>>> \S", re.MULTILINE)
_DEEPEST = 5

_LINKS = (
    re.compile(
        r"(?<!link: )<(?P<url>https?://[^\s<>|]{1,2000})(?:\|[^<>\n]{0,2000})?>", re.IGNORECASE
    ),
    re.compile(r"\[(?P<url>https?://[^\]\s]{1,2000})\]\(https?://[^)\s]{1,2000}\)"),
    re.compile(r"(?P<url>https?://[^\s<>\"'|]{1,2000})<https?://[^\s<>]{1,2000}>"),
)
_REWRITTEN = (
    re.compile(
        r"https://[\w.-]{1,60}\.safelinks\.protection\.outlook\.com/\S{0,40}?[?&]url="
        r"(?P<quoted>[^&\s\"'<>]{1,2000})[^\s\"'<>]{0,1000}"
    ),
    re.compile(
        r"https://urldefense(?:\.proofpoint)?\.com/v3/__(?P<plain>https?:/\S{1,2000}?)__;[^\s\"'<>]{0,500}"
    ),
    re.compile(
        r"https://(?:www\.google\.com/url|slack-redir\.net/link)\?(?:[^\s\"'<>]{0,200}&)?(?:q|url)="
        r"(?P<quoted>https?[^&\s\"'<>]{1,2000})(?:&[^\s\"'<>]{0,1000})?"
    ),
)
_ENTITY = re.compile(r"&(?:quot|apos|amp|lt|gt|nbsp|#0?39|#0?34|#x27|#x22|#160);", re.IGNORECASE)
_QUOTE_ENTITY = re.compile(r"&(?:quot|apos|#0?39|#0?34|#x27|#x22);", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype|html|body|head|div|span|p|table)\b", re.IGNORECASE)
_CODE_TAG = re.compile(
    r"<(?:pre|code)\b[^>\n]{0,80}>[\s\S]{0,4000}?&(?:quot|#0?39|#0?34);", re.IGNORECASE
)
_PAGE = re.compile(r"<(?:!doctype|html|body|head)\b", re.IGNORECASE)
_TAG_OR_ENTITY = re.compile(
    r"</?(?:p|pre|code|br|div|span|b|i|em|strong)\b[^>\n]{0,200}>"
    r"|&(?:quot|apos|amp|lt|gt|nbsp|#\d{2,4});",
    re.IGNORECASE,
)
_NARROW, _WIDE = 50, 100
"""Characters of a line that a mail program may have broken."""

_ANY_BREAK = re.compile(r"=\r?\n")
_SOFT_BREAK = re.compile(r"(?<=[^\n]{60})(?<!=)=\r?\n")
"""At the end of a long line; what ends in base64 may have the sign as well."""

_OCTETS = re.compile(r"(?:=[0-9A-F]{2})+")
_QUOTED_PRINTABLE = re.compile(r"=3D|=\r?\n(?=\S)|=(?:C2=A0|E2=80=9[0-9C-F])")
_PERCENT = re.compile(r"\s*(?:curl%20\S+|%7B(?:%0A|%20)*%22\S+)\s*", re.IGNORECASE)
_STAMP = re.compile(
    r"^\ufeff?(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z|\[\d\d:\d\d:\d\d(?:\.\d{1,6})?\])[ \t]",
    re.MULTILINE,
)
_TRACED = re.compile(r"^\+{1,5} ", re.MULTILINE)
_CARET_QUOTE = '^\\^"'
_CARET = re.compile(r"\^(?=[^\w\s])")
_DASH = re.compile(
    r"(?<=[ \t])[\u2010-\u2015\u2212]{1,2}"
    r"(?=(?P<name>[A-Za-z]|[a-z]{2,20}(?:-[a-z0-9]{1,20}){0,3})(?:[ =]|$))"
)
_ADDRESS_SET = re.compile(
    r"^[ \t]*(?:export[ \t]+|set[ \t]+\"?|\$)?(?P<name>[A-Za-z_]\w{0,60})[ \t]?=[ \t]?"
    r"(?P<quote>[\"']?)(?P<value>https?://[^\s\"'$`%]{1,500})(?P=quote)\"?[ \t]*;?[ \t]*\r?$",
    re.MULTILINE,
)
_TICKED = re.compile(r"^`[^`\n]{10,4000}`(?=[ \t]*\r?$)", re.MULTILINE)
_INDENTED = re.compile(r"(?:^(?:[ ]{2,16}|\t)[^\n]*\n?|^[ \t]*\n(?=[ ]{2}|\t))+", re.MULTILINE)
_HEAD = re.compile(r"HTTP/\d(?:\.\d)? [1-5]\d\d|[A-Z]{3,7} \S+ HTTP/\d")
_FEWEST = 3
_PRINTS_FILE = re.compile(
    r"\s*(?:PS [^\n>]{0,200}>|[\w.@~:/-]{0,80}[$%#])[ \t]+(?:sudo[ \t]+)?"
    r"(?:cat|less|more|type|head|tail|gc|Get-Content|kubectl|oc|helm|docker|heroku|aws|gcloud|az|vault)"
    r"[ \t][^\n|;&]{1,300}$",
    re.MULTILINE,
)
_CRON = re.compile(r"^Subject: Cron <[^>\n]{1,200}> ", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*[+|]?-{3,}[-+|]*-[+|]?[ \t]*$", re.MULTILINE)
_ROW = re.compile(r"^[^|\n]*\|[^\n]*\|[^\n]*$", re.MULTILINE)
_CALL = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b")
_TABLE_LINE = re.compile(r"[^\n]+\n?|\n")
_TYPOGRAPHIC = str.maketrans({"\N{NO-BREAK SPACE}": " "})


@dataclass(frozen=True, slots=True)
class Restored:
    """A text as it was before.

    Attributes:
        mapped: It, with its places in the input.
        undone: Names of what was undone, for the sentences in ``input.toml``.
    """

    mapped: MappedText
    undone: tuple[str, ...]


def restore(text: str) -> Restored:
    """Return ``text`` as it was before a mail, a chat or a tracker rewrote it."""
    mapped = MappedText.of(text)
    undone: list[str] = []
    for name, find in _WAYS.items():
        if name == "wrapped" and "quoted" not in undone:
            continue
        for _ in range(_DEEPEST if name == "quoted" else 1):
            edits = list(find(mapped.text))
            if not edits:
                break
            mapped = mapped.edited(edits)
            undone.append(name)
    return Restored(mapped, tuple(dict.fromkeys(undone)))


def is_verbose(text: str) -> bool:
    """Return whether a text has what ``curl -v`` prints, with its own marks before each line."""
    return _VERBOSE.search(text) is not None


def _escapes(text: str) -> Iterator[TextEdit]:
    if "\x1b" in text:
        yield from (TextEdit(*match.span(), "") for match in _ESCAPES.finditer(text))


def _quotes(text: str) -> Iterator[TextEdit]:
    """Find the marks of a mail's quotes; curl's own ``>`` and ``<`` are none."""
    if ">" not in text or is_verbose(text) or _PYTHON_PROMPT.search(text):
        return
    marks = list(_QUOTED.finditer(text))
    lines = [line for line in text.splitlines() if line.strip()]
    if len(marks) * 2 < len(lines) or len(marks) < min(len(lines), 2):
        return
    yield from (TextEdit(*match.span(), "") for match in marks)


def _wrapped(text: str) -> Iterator[TextEdit]:
    """Find the line breaks that a mail program put into a command that it quoted."""
    for command in (*starts.CURL.finditer(text), *starts.HTTPIE.finditer(text)):
        start = text.rfind("\n", 0, command.start("word")) + 1
        end = text.find("\n\n", start)
        lines = text[start : len(text) if end < 0 else end].split("\n")
        widest = max(map(len, lines))
        at = start
        for line, following in pairwise(lines):
            at += len(line)
            if not _NARROW <= len(line) <= _WIDE or line.endswith(("\\", "^", "`")):
                break
            if starts.CURL.match(following) or not following.strip():
                break
            yield TextEdit(at, at + 1, "" if len(line) == widest and following[:1] != "-" else " ")
            at += 1


def _soft_breaks(text: str) -> Iterator[TextEdit]:
    """Find what quoted-printable (RFC 2045) writes: soft line breaks and octets as ``=3D``."""
    if "=" not in text or _QUOTED_PRINTABLE.search(text) is None:
        return
    escaped = "=3D" in text
    if not escaped and len(_SOFT_BREAK.findall(text)) < 2:
        return
    breaks = _ANY_BREAK if escaped else _SOFT_BREAK
    found = [*breaks.finditer(text), *_OCTETS.finditer(text)]
    for match in sorted(found, key=lambda one: one.start()):
        octets = match[0].replace("=", "")
        plain = bytes.fromhex(octets).decode("utf-8", "replace") if octets.strip() else ""
        yield TextEdit(*match.span(), plain.translate(_TYPOGRAPHIC))


def _percent(text: str) -> Iterator[TextEdit]:
    """Find a text that was percent-encoded as a whole, as in the link that shares it."""
    if _PERCENT.fullmatch(text) is not None:
        yield TextEdit(0, len(text), unquote(text))


def _markup(text: str) -> Iterator[TextEdit]:
    """Find the tags around code that was copied out of the source of a web page."""
    if _CODE_TAG.search(text) is None or _PAGE.search(text) is not None:
        return
    for match in _TAG_OR_ENTITY.finditer(text):
        plain = "\n" if match[0].startswith("<") else html.unescape(match[0])
        yield TextEdit(*match.span(), plain.translate(_TYPOGRAPHIC))


def _entities(text: str) -> Iterator[TextEdit]:
    """Find the entities of a text out of a web page: it has no quotation mark but these."""
    if "&" not in text or len(_QUOTE_ENTITY.findall(text)) < 2 or _MARKUP.search(text):
        return
    if '"' in text and "&quot;" in text.lower():
        return  # an entity within the quotes of a value is part of the value
    yield from (
        TextEdit(*match.span(), html.unescape(match[0]).translate(_TYPOGRAPHIC))
        for match in _ENTITY.finditer(text)
    )


def _rewritten_links(text: str) -> Iterator[TextEdit]:
    if "http" not in text:
        return
    found = [match for pattern in _REWRITTEN for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda one: one.start()):
        groups = match.groupdict()
        url = groups.get("plain") or unquote(groups.get("quoted") or "")
        yield TextEdit(*match.span(), url)


def _links(text: str) -> Iterator[TextEdit]:
    """Find the marks that chats and mail programs set around an address."""
    if "http" not in text:
        return
    done = 0
    found = [match for pattern in _LINKS for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda one: one.start()):
        if match.start() >= done:
            done = match.end()
            yield TextEdit(*match.span(), match["url"])


def _stamps(text: str) -> Iterator[TextEdit]:
    """Find the times that a build log sets before each line, where a command is among the lines."""
    marks = list(_STAMP.finditer(text))
    lines = text.count("\n", 0, len(text.rstrip())) + 1
    if len(marks) * 5 < lines * 4:
        return
    plain = _STAMP.sub("", text)
    if starts.CURL.search(plain) or starts.HTTPIE.search(plain):
        yield from (TextEdit(*match.span(), "") for match in marks)


def _chrome_carets(text: str) -> Iterator[TextEdit]:
    """Find the carets of Chrome's older *Copy as cURL (cmd)*, which escapes within quotes too."""
    if _CARET_QUOTE not in text or not starts.CURL.search(text):
        return
    yield from (TextEdit(*match.span(), "") for match in _CARET.finditer(text))


def _dashes(text: str) -> Iterator[TextEdit]:
    """Find the dashes that a word processor made of the hyphens of a command's options."""
    if _DASH.search(text) is None or not starts.CURL.search(text):
        return
    for match in _DASH.finditer(text):
        yield TextEdit(*match.span(), "-" if len(match["name"]) == 1 else "--")


def _variables(text: str) -> Iterator[TextEdit]:
    """Find variables for addresses that lines above a command set; what holds a key stays."""
    if not starts.CURL.search(text) and not starts.HTTPIE.search(text):
        return
    values = {
        match["name"]: (match["value"], match.end())
        for match in _ADDRESS_SET.finditer(text)
        if "pinned" in match["value"].lower()
    }
    if not values:
        return
    names = "|".join(map(re.escape, values))
    use = re.compile(rf"\$\{{(?P<braced>{names})\}}|\$(?P<plain>{names})\b|%(?P<cmd>{names})%")
    for match in use.finditer(text):
        value, end = values[match["braced"] or match["plain"] or match["cmd"]]
        start = text.rfind("\n", 0, match.start()) + 1
        quoted = text.count("'", start, match.start()) % 2 == 1  # a shell leaves it as it is there
        if match.start() > end and not quoted:
            yield TextEdit(*match.span(), value)


def _indented(text: str) -> Iterator[TextEdit]:
    """Find the indentation that makes code of a command and what came back, in Markdown."""
    for block in _INDENTED.finditer(text):
        first = block[0].lstrip()
        if not (starts.CURL.match(first) or starts.HTTPIE.match(first) or _HEAD.match(first)):
            continue
        lines = [line for line in block[0].splitlines() if line.strip()]
        indent = min(len(line) - len(line.lstrip(" \t")) for line in lines)
        if len(lines) < _FEWEST:
            continue
        for line in re.finditer(rf"^[ \t]{{{indent}}}", block[0], re.MULTILINE):
            yield TextEdit(block.start() + line.start(), block.start() + line.end(), "")


def _prompt(text: str) -> Iterator[TextEdit]:
    """Find the command ahead of a file that it only printed."""
    match = _PRINTS_FILE.match(text)
    if match is not None:
        yield TextEdit(*match.span(), "")


def _ticks(text: str) -> Iterator[TextEdit]:
    """Find lines that Markdown sets as code as a whole: a shell would run what is in backticks."""
    for match in _TICKED.finditer(text):
        yield TextEdit(match.start(), match.start() + 1, "")
        yield TextEdit(match.end() - 1, match.end(), "")


def _trace(text: str) -> Iterator[TextEdit]:
    """Find what ``set -x`` prints before each command, where one calls the API."""
    if "+ " not in text or "CategoryInfo" in text:  # PowerShell quotes a line in its errors so
        return
    plain = _TRACED.sub("", text)
    if plain != text and len(starts.CURL.findall(plain)) > len(starts.CURL.findall(text)):
        yield from (TextEdit(*match.span(), "") for match in _TRACED.finditer(text))


def _table(text: str) -> Iterator[TextEdit]:
    """Find a table of requests as databases print it; its cells become columns with commas."""
    if "|" not in text or _RULE.search(text) is None:
        return
    rows = [match for match in _ROW.finditer(text) if match[0].count("|") > 1]
    if len(rows) < 2 or not any(_CALL.search(row[0]) for row in rows):
        return
    for match in _TABLE_LINE.finditer(text):
        line = match[0]
        if _RULE.fullmatch(line.rstrip("\r\n")):
            yield TextEdit(match.start(), match.start() + len(line.rstrip("\n")), "")
        elif line.count("|") > 1:
            cells = (cell.strip() for cell in line.strip().strip("|").split("|"))
            end = "\n" if line.endswith("\n") else ""
            yield TextEdit(match.start(), match.end(), ",".join(cells) + end)


def _cron(text: str) -> Iterator[TextEdit]:
    """Find the command that cron names in the subject of its mail."""
    yield from (TextEdit(*match.span(), "\n") for match in _CRON.finditer(text))


_WAYS: dict[str, Callable[[str], Iterator[TextEdit]]] = {
    "escapes": _escapes,
    "soft-breaks": _soft_breaks,
    "percent": _percent,
    "quoted": _quotes,
    "wrapped": _wrapped,
    "markup": _markup,
    "entities": _entities,
    "rewritten": _rewritten_links,
    "links": _links,
    "stamps": _stamps,
    "trace": _trace,
    "indented": _indented,
    "prompt": _prompt,
    "ticks": _ticks,
    "carets": _chrome_carets,
    "dashes": _dashes,
    FILLS_IN: _variables,
    "cron": _cron,
    "table": _table,
}
"""The ways in the order in which a text is restored: what was done to it last comes first."""
