"""Finds the settings in a text: lines of an env file or a profile, INI, YAML, JSON, dumps. Pure.

What a value comes to depends on the file: a shell and YAML take quotes off, the list of a compose
file and ``docker run --env-file`` leave them, a Kubernetes Secret is base64.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from pinned_tui.inspect.formats.source import child, text_of
from pinned_tui.inspect.json_source.nodes import Node, walk
from pinned_tui.inspect.json_source.parser import scan
from pinned_tui.inspect.model import Span

_LONGEST = 512 * 1024
_LONGEST_YAML = 96 * 1024
_MOST_LINES = 3000
_LINE = re.compile(
    r"""[ \t]*(?P<before>-[ \t]+|(?:export|setx?|ENV|ARG|declare[ \t]+-x|typeset[ \t]+-x)[ \t]+
          |\$env:)?
        (?P<quote>["']?)(?P<name>[A-Za-z_][\w.-]{0,80})(?P=quote)
        (?P<sign>[ \t]*=[ \t]*|[ \t]*:[ \t]+)(?P<value>.*)""",
    re.VERBOSE,
)
_AROUND = re.compile(
    r"(?:(?:[#;=]|//|rem[ \t]|[-+|\u2500-\u257f \t]{3,}).*|\[[\w .:\"-]{1,80}\]"
    r"|[\w.\"'-]{1,80}:|---|[\[\]{}()],?)?",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:proxy-)?authorization|(?:x-)?api-?key", re.IGNORECASE)
_QUOTED = re.compile(r"([\"'])(.*)\1", re.DOTALL)
_SHELL = re.compile(r"export|declare|typeset|\$env:|setx|ENV|ARG", re.IGNORECASE)
_DUMP = re.compile(
    r"[ \t]*(?:\S{0,60}[$#%>\u276f][ \t]*)?(?:(?:docker|kubectl|podman|fly|heroku)\b.{0,200}\s)?"
    r"(?:(?:env|printenv|set)\b[ \t]*(?:\|.*|\w*)|(?:heroku )?config\b.*|.{1,80} config vars"
    r"|(?:gci|dir|ls|get-childitem) env:.*|netlify env:list.*|railway variables.*)",
    re.IGNORECASE,
)
"""A command that prints the environment, with the prompt before it."""

_OF_A_PROCESS = re.compile(r"(?:PATH|HOME|PWD|SHLVL|HOSTNAME|_|USERPROFILE|LOGNAME)=", re.MULTILINE)
_ROW = re.compile(r"[ \t]*[|\u2502][ \t]*([A-Za-z_]\w{0,80})[ \t]*[|\u2502][ \t]*(\S[^|\u2502]*)")
_COLUMNS = re.compile(r"[ \t]*([A-Za-z_]\w{0,80})[ \t]{2,}(\S.*)")
_UNIT = re.compile(r"[ \t]*Environment=(.*)")
_ASSIGNED = re.compile(
    r"(?P<quote>[\"'])(?P<name>[A-Za-z_]\w{0,80})=(?P<inside>[^\"']*)(?P=quote)"
    r"|(?P<plain>[A-Za-z_]\w{0,80})=(?P<value>\"[^\"]*\"|'[^']*'|\S*)"
)
_PROMPT = re.compile(r"[ \t]*(?:\S{0,60}[$#%>\u276f][ \t]+)\w.*")
_PAIR = re.compile(r"([A-Za-z_][\w.]{0,80})=(.*)", re.DOTALL)
_YAML = re.compile(r"^[ \t-]*[\"']?[\w./-]+[\"']?:(?:[ \t]|\r?$)", re.MULTILINE)
_BARE_TOML = re.compile(r"[\"'\[{]|(?:-?[\d.]+|true|false)[ \t]*(?:#.*)?\Z")
_FILE = re.compile(r"env|properties|ini|conf|cfg|toml\Z", re.IGNORECASE)
_GROUP = re.compile(
    r"[\w-]*pinned[\w-]*(?:\.(?:api|rest|client|http|auth|events|credentials|config))*\Z",
    re.IGNORECASE,
)
"""What settings are grouped under in YAML and JSON where they are the API's."""

_DEEPEST = 3
_LONGEST_PATH = 300


class Origin(Enum):
    """Where a setting stands, as far as that decides what is made of its value."""

    LINE = auto()
    """An env file: some programs that read it take quotes and white space off, others don't."""
    TEXT = auto()
    """The value is given to the letter: JSON, YAML, the list of a compose file, a batch file."""
    PROCESS = auto()
    """What a process has in its environment: nothing takes anything off any more."""
    SECRET = auto()
    """A Kubernetes Secret, decoded."""
    TAKEN_OFF = auto()
    """The language of the file has taken quotes and white space off."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        name: With what it is grouped under, where that is a part of it: ``Pinned.ApiKey``.
        value: What the program gets, as far as the file tells; None where a Secret can't be
            decoded.
        written: What stands in the file for the value.
        span: Where that is.
    """

    name: str
    value: str | None
    written: str
    span: Span
    origin: Origin


def settings_in(text: str) -> list[Setting]:
    """Return all settings; none where most of the text is something else."""
    body = text.lstrip("\ufeff \t\r\n")
    if not body or len(text) > _LONGEST:
        return []
    if body[0] in "{[" and (root := _json(text)) is not None:
        return list(_of_tree(root, 0))
    if "\n" in body.strip() and len(text) <= _LONGEST_YAML and _YAML.search(text):
        found = list(_of_yaml(text))
        if found:
            return found
    return _of_lines(text)


def _json(text: str) -> Node | None:
    found = scan(text)
    if found.slips or found.stopped or found.bare or len(found.roots) != 1:
        return None
    return found.roots[0]


def _of_yaml(text: str) -> Iterator[Setting]:
    """Yield the settings of each document in a YAML file."""
    from pinned_tui.inspect.formats.yaml_source import parse

    at = 0
    for part in re.split(r"(?m)^---[ \t]*\r?$", text):
        place = text.index(part, at)
        root = parse(part)
        at = place + len(part)
        if root is not None:
            yield from _of_tree(root, place)


def _of_tree(root: Node, at: int, depth: int = 0) -> Iterator[Setting]:
    """Yield names with texts, ``NAME=value`` in lists, and rows of a name and a value."""
    encoded = child(root, "data") if text_of(root, "kind") == "Secret" else None
    for path, node in walk(root):
        whole = re.sub(r"\[\d+\]", "", path[-_LONGEST_PATH:])
        above = whole.rpartition(".")[2]
        for name, member in node.members.items():
            value = member.node
            if node is encoded and isinstance(value.value, str):
                span = value.span.shifted(at)
                yield Setting(name, _decoded(value.value), value.value, span, Origin.SECRET)
            elif isinstance(value.value, str) and name.lower() != "value":
                yield from _named(name, whole, value, at, depth)
            elif value.value is None and name.isupper() and above not in {"environment", ""}:
                yield Setting(name, "", "", value.span.shifted(at), Origin.TEXT)
        named = text_of(node, "name") or text_of(node, "Name") or text_of(node, "key")
        given = child(node, "value") or child(node, "Value")
        if named and given is not None and isinstance(given.value, str):
            span = given.span.shifted(at)
            yield Setting(named, given.value, given.value, span, Origin.TEXT)
        origin = Origin.PROCESS if above == "Env" else Origin.TEXT
        for item in node.items:
            pair = _PAIR.fullmatch(item.value) if isinstance(item.value, str) else None
            if pair is not None:
                yield Setting(pair[1], pair[2], pair[2], item.span.shifted(at), origin)


def _named(name: str, above: str, node: Node, at: int, depth: int) -> Iterator[Setting]:
    value, span = str(node.value), node.span.shifted(at)
    if "\n" in value.strip() and _FILE.search(name) and depth < _DEEPEST:
        for one in settings_in(value):
            yield Setting(one.name, one.value, one.written, span, one.origin)
        return
    grouped = f"{group[0]}.{name}" if (group := _GROUP.search(above)) else name
    yield Setting(grouped, value, value, span, Origin.TEXT)


def _decoded(value: str) -> str | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _of_lines(text: str) -> list[Setting]:
    lines = text.split("\n")[:_MOST_LINES]
    dumped = any(_DUMP.fullmatch(line.strip(" \t\r=")) for line in lines[:5])
    dumped = dumped or len(_OF_A_PROCESS.findall(text)) > 1
    in_columns = re.search(r"(?im)^[ \t]*(?:name|key)[ \t]{2,}value\b", text) is not None
    sections = any(re.fullmatch(r"[ \t]*\[[\w .:\"-]{1,80}\][ \t]*\r?", line) for line in lines)
    values = [match["value"].strip() for line in lines if (match := _LINE.fullmatch(line))]
    is_ini = sections and not all(map(_BARE_TOML.match, filter(None, values)))
    found: list[Setting] = []
    others = 0
    at = 0
    for line in lines:
        bare = line.lstrip("\ufeff").rstrip("\r")
        shown_end = bare.endswith("^M$")  # as cat -A shows a carriage return
        bare = bare.removesuffix("^M$")
        shift = at + len(line) - len(line.lstrip("\ufeff"))
        row = _ROW.match(bare) or (_COLUMNS.fullmatch(bare) if in_columns else None)
        match = _LINE.fullmatch(bare.rstrip(" \t").removesuffix(";"))
        unit = _UNIT.fullmatch(bare)
        if unit is not None:
            found += _of_unit(unit, shift)
        elif row is not None:
            span = Span(shift + row.start(2), shift + row.end(2))
            found.append(Setting(row[1], row[2].strip(), row[2].strip(), span, Origin.PROCESS))
        elif match is not None and not (
            match["sign"].strip() == ":" and _HEADER.fullmatch(match["name"])
        ):
            after = bare[match.end() :].strip(";") + (
                "\r" if shown_end or line.endswith("\r") else ""
            )
            found.append(_setting(match, after, shift, dumped=dumped, is_ini=is_ini))
        elif match is not None or not (
            _AROUND.fullmatch(bare.strip(" \t")) or _PROMPT.fullmatch(bare) or _DUMP.fullmatch(bare)
        ):
            others += 1
        at += len(line) + 1
    # A script may set the variable and go on.
    own = any("pinned" in one.name.lower() for one in found)
    return found if len(found) > others * 2 or (own and len(found) * 2 >= others) else []


def _of_unit(match: re.Match[str], at: int) -> Iterator[Setting]:
    """Yield what a systemd unit assigns in a line; it takes quotes off wherever they stand."""
    for pair in _ASSIGNED.finditer(match[1]):
        value = pair["inside"] if pair["quote"] else pair["value"].strip("\"'")
        group = "inside" if pair["quote"] else "value"
        start = at + match.start(1) + pair.start(group)
        span = Span(start, start + max(len(pair[group]), 1))
        yield Setting(pair["name"] or pair["plain"], value, value, span, Origin.TAKEN_OFF)


def _setting(match: re.Match[str], after: str, at: int, *, dumped: bool, is_ini: bool) -> Setting:
    """Take a line apart.

    Args:
        match: The line.
        after: The white space behind the value, a carriage return among it.
        at: Where the line begins.
        dumped: Whether a process has printed its environment.
        is_ini: Whether it is an INI file, in which quotes are a part of the value.
    """
    written = match["value"]
    before, sign = match["before"] or "", match["sign"]
    span = Span(at + match.start("value"), at + max(match.end("value"), match.start("value") + 1))
    name = match["name"]
    quoted = _QUOTED.fullmatch(written)
    listed = before.startswith("-") and "=" in sign
    if dumped and not _SHELL.match(before):
        return Setting(name, written, written, span, Origin.PROCESS)
    if listed or before.strip().lower() == "set":
        return Setting(name, written + after.rstrip("\r"), written, span, Origin.TEXT)
    if is_ini:
        return Setting(name, written, written, span, Origin.LINE)
    if _SHELL.match(before) or sign != "=":
        value = quoted[2] if quoted is not None else written
        kept = "\r" if after.endswith("\r") and before.startswith("export") else ""
        return Setting(name, value + kept, written, span, Origin.TAKEN_OFF)
    return Setting(name, written + after, written, span, Origin.LINE)
