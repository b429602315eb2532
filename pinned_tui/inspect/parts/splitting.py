"""Takes a text apart that has several inputs in it: a question, a command, what came back."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pinned_tui.inspect.commands import starts
from pinned_tui.inspect.commands.inspect import find_commands
from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.error_input import TOOL_ERROR
from pinned_tui.inspect.errors_in_text import has_error
from pinned_tui.inspect.event_shape import is_body
from pinned_tui.inspect.formats.registry import best_claim
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.model import InputKind, InputText, Span
from pinned_tui.inspect.network_errors import has_network_error
from pinned_tui.inspect.parts.restoring import is_verbose

LONGEST = 64 * 1024
_MOST_OF_IT = 0.5
_FILES = frozenset(
    {InputKind.CODE, InputKind.COLLECTION, InputKind.WORKFLOW, InputKind.SETTINGS, InputKind.LOG}
)
_MOST_BLOCKS = 200


class BlockKind(StrEnum):
    """What a part of a text is."""

    COMMAND = "command"
    REQUEST = "request"
    RESPONSE = "response"
    BODY = "body"
    ANSWER = "answer"
    OTHER_JSON = "json"
    SETTINGS = "settings"
    FILE = "file"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: whole lines."""

    kind: BlockKind
    span: Span


_FENCE = re.compile(
    r"[ \t]*(?:```+[^`\n]*|~~~+[^~\n]*|\{(?:noformat|code)(?::[^}\n]*)?\}"
    r"|\[/?code[^\]\n]{0,40}\]|</?(?:pre|code)[^>\n]{0,80}>)[ \t]*",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"[ \t]*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:https?://|/)\S*"
    r"(?: HTTP/\d(?:\.\d)?)?[ \t]*"
)
_STATUS = re.compile(r"[ \t]*HTTP/\d(?:\.\d)? [1-9]\d\d\b.*")
_HEADER = re.compile(r"[ \t]*(?P<name>[A-Za-z][A-Za-z0-9-]{1,60}):[ \t]*(?P<value>\S.*)?")
_SETTING = re.compile(
    r"[ \t]*(?:export |set |- )?[\"']?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+[\"']?[ \t]*[=:].*"
)
_OF_KEY = re.compile(r"(?:KEY|TOKEN|SECRET|URL|HOST|BASE)[\"']?[ \t]*[=:]")
_HEADING = re.compile(
    r"[ \t#*_]{0,8}(?:the |my |our |and |with |full |http |api |curl |server )?"
    r"(?:request|response|answer|reply|result|output|body|payload|error|log|command|headers?"
    r"|we (?:send|sent|get|got)|(?:and )?(?:this|gets?|returns?))s?"
    r"(?: (?:body|is|was|from \S{1,40}|to \S{1,40}|looks like this|sent|received|back))?"
    r"[ \t*_]{0,4}:?[ \t*_]{0,4}|[-=]{3,80}[ \t]*",
    re.IGNORECASE,
)
"""A line that says what follows, or is drawn below one that does."""

_OF_VERBOSE = re.compile(r"[ \t]?[<>*](?:[ \t]|\r?$)")
"""A line of ``curl -v``: what was sent, what came back, what it has to say."""

_DECODER = json.JSONDecoder(strict=False)


CAME_BACK = frozenset({BlockKind.RESPONSE, BlockKind.ANSWER})


class _Splitter:
    """Goes through a text line by line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        commands = [
            command.span
            for beginning in (starts.CURL, starts.HTTPIE)
            for command, _ in find_commands(text, beginning)
        ]
        self._commands = sorted(commands, key=lambda span: span.start)
        self._is_verbose = is_verbose(text)
        self.has_headings = False

    def blocks(self) -> Iterator[Block]:
        """Yield what the text consists of; what is not known is prose."""
        below = -1
        while self._at < len(self._text):
            start = self._at
            line = self._line(start)
            self._at += len(line) + 1
            if not line.strip():
                continue
            if _FENCE.fullmatch(line):
                self.has_headings = True
                file = self._fenced_file()
                if file is not None:
                    yield file
                continue
            if _HEADING.fullmatch(line.rstrip("\r")):
                self.has_headings = True
                continue
            kind, end = self._block_at(start, line)
            self._at = max(self._at, self._end_of_line(end))
            if self._text[end : self._at].strip():
                self.has_headings = True  # a prompt behind an answer that has no line break
            printed = kind is BlockKind.PROSE and start == below
            if printed:
                kind = BlockKind.ANSWER
            yield Block(kind, Span(start, max(end, start)))
            # What a command prints stands right below it.
            below = self._at if printed or kind is BlockKind.COMMAND else -1

    def _fenced_file(self) -> Block | None:
        """Return what stands up to the next fence, where that is one log or file; go behind it."""
        start = at = self._at
        while at < len(self._text) and not _FENCE.fullmatch(self._line(at)):
            at = self._end_of_line(at)
        content = self._text[start:at]
        if not content.strip() or not self._is_file(InputText(content)):
            return None
        self._at = at
        return Block(BlockKind.FILE, Span(start, min(at, len(self._text))))

    def _is_file(self, content: InputText) -> bool:
        claim = best_claim(Source(content))
        if claim is not None and claim.share >= _MOST_OF_IT:
            return claim.format.kind in _FILES
        return detect(content) is InputKind.LOG

    def _line(self, at: int) -> str:
        return self._text[at : self._end_of_line(at) - 1]

    def _end_of_line(self, at: int) -> int:
        end = self._text.find("\n", at)
        return (len(self._text) if end < 0 else end) + 1

    def _block_at(self, start: int, line: str) -> tuple[BlockKind, int]:
        """Return what begins with a line, and where it ends."""
        stop = start + len(line)
        command = next((one for one in self._commands if start <= one.start < stop), None)
        if command is not None:
            return BlockKind.COMMAND, max(self._end_of_line(command.end) - 1, stop)
        if self._is_verbose and _OF_VERBOSE.match(line):
            end = self._end_of_verbose(start, stop)
            only_said = end == stop and line.lstrip().startswith("*")
            return (BlockKind.PROSE if only_said else BlockKind.RESPONSE), end
        if self._is_request(start, line):
            return BlockKind.REQUEST, self._end_of_message(stop)
        if _STATUS.match(line):
            return BlockKind.RESPONSE, self._end_of_message(stop)
        if line.lstrip()[:1] in {"{", "["} and (found := self._value_at(start, line)) is not None:
            return _kind_of(found[0]), found[1]
        if _SETTING.fullmatch(line.rstrip("\r")) and _OF_KEY.search(line):
            return BlockKind.SETTINGS, stop
        came_back = has_error(line) or has_network_error(line) or TOOL_ERROR.match(line)
        return (BlockKind.ANSWER if came_back else BlockKind.PROSE), stop

    def _end_of_verbose(self, start: int, stop: int) -> int:
        """Return where the lines end that ``curl -v`` marks; what it says of itself comes off."""
        at, end = start, stop
        while at < len(self._text):
            line = self._line(at)
            if not _OF_VERBOSE.match(line):
                break
            if not line.lstrip().startswith("*"):
                end = at + len(line)
            at += len(line) + 1
        return end

    def _is_request(self, start: int, line: str) -> bool:
        """Tell the first line of a request from one that only names method and address."""
        if not _METHOD.fullmatch(line.rstrip("\r")):
            return False
        following = self._line(start + len(line) + 1)
        return " HTTP/" in line or _HEADER.fullmatch(following.rstrip("\r")) is not None

    def _value_at(self, start: int, line: str) -> tuple[object, int] | None:
        at = start + len(line) - len(line.lstrip())
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except (ValueError, RecursionError):
            return None
        return (value, end) if isinstance(value, dict | list) and value else None

    def _end_of_message(self, stop: int) -> int:
        """Return where a message ends whose first line ends at ``stop``: behind head and body."""
        at, end, body = stop + 1, stop, False
        while at < len(self._text):
            line = self._line(at)
            if _FENCE.fullmatch(line) or _METHOD.fullmatch(line) or _STATUS.match(line):
                break
            if body and _HEADING.fullmatch(line.rstrip("\r")):
                break
            if any(at <= one.start < at + len(line) for one in self._commands):
                break
            if not line.strip():
                body = True
            elif body or _HEADER.fullmatch(line.rstrip("\r")) or line[:1] in {" ", "\t"}:
                end = at + len(line)
                if body and line.lstrip()[:1] in {"{", "["}:
                    found = self._value_at(at, line)
                    return found[1] if found is not None else end
            else:
                break
            at += len(line) + 1
        return end


def _kind_of(value: object) -> BlockKind:
    if isinstance(value, dict) and {"error", "errors", "doc", "docs"} & value.keys():
        return BlockKind.ANSWER
    return BlockKind.BODY if is_body(value) else BlockKind.OTHER_JSON


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text consists of.

    Attributes:
        blocks: Its blocks, in their order.
        has_headings: Whether lines between them say what follows, or fence it in.
    """

    blocks: tuple[Block, ...]
    has_headings: bool


def split(text: str) -> Parts:
    """Return the blocks of a text; none where there are too many."""
    splitter = _Splitter(text)
    blocks: list[Block] = []
    for block in splitter.blocks():
        blocks.append(block)
        if len(blocks) > _MOST_BLOCKS:
            return Parts((), has_headings=False)
    return Parts(tuple(blocks), splitter.has_headings)


def grouped(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks that are more than prose, with what came back beside what was sent."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.kind is BlockKind.PROSE:
            continue
        if groups and _belongs(block, groups[-1]):
            groups[-1].append(block)
        elif block.kind is not BlockKind.OTHER_JSON:
            groups.append([block])
    return tuple(map(tuple, groups))


def _belongs(block: Block, group: list[Block]) -> bool:
    first, last = group[0].kind, group[-1].kind
    if last is BlockKind.COMMAND and block.kind is last:
        return True  # nothing came back in between: commands are read together
    if last is BlockKind.SETTINGS:
        return block.kind is BlockKind.SETTINGS
    if last is BlockKind.REQUEST:  # JSON below it would be taken for its body
        return block.kind is BlockKind.RESPONSE
    if last is BlockKind.RESPONSE:  # a head, and a body that stands apart from it
        return block.kind in {BlockKind.ANSWER, BlockKind.OTHER_JSON, BlockKind.BODY}
    sent = first in {BlockKind.COMMAND, BlockKind.REQUEST}
    over = any(one.kind is BlockKind.RESPONSE for one in group) and block.kind is not last
    return sent and not over and block.kind in CAME_BACK
