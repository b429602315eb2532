"""What a reader of a format makes of a file: the requests in it, with the responses to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pinned_tui.inspect.fixes import TextChange
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import HttpRequest, HttpResponse
from pinned_tui.inspect.model import Fault, Note
from pinned_tui.inspect.request.findings import RequestEdit

Writer = Callable[[HttpRequest, Sequence[RequestEdit]], Sequence[TextChange]]
"""Writes edits of a request into the source, as far as the format has a place for them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request of a file, or a response alone.

    Attributes:
        request: The request, its variables marked as filled in; None where only a response stands
            there.
        response: The response to it, where the file has one.
        name: What the file calls it, as written; empty where it has no name.
        faults: What is wrong with it that only the format can tell, such as a template that is
            sent as it is.
    """

    request: HttpRequest | None
    response: HttpResponse | None = None
    name: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file as its reader understood it.

    Attributes:
        entries: What stands in it, in its order; requests to other hosts are among them.
        language: What a corrected version is written in, as of :class:`Correction`.
        write: Writes edits into the source; None where the format has no place for them.
        faults: What is wrong with the file as a whole.
        notes: What is worth knowing of it.
        secrets: The values of its variables and fields that nothing may repeat.
        judged: How much in it was held against the rules beside its entries.
        summary: What it is, in one sentence, where its entries don't say it.
    """

    entries: tuple[Entry, ...]
    language: str = "json"
    write: Writer | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    judged: int = 0
    summary: str = ""


class FormatReader(Protocol):
    """A module that reads one format. Pure; fails on no input."""

    def claim(self, source: Source) -> float:
        """Return how much of the text it explains: a share of its lines, fields or requests.

        0 where it is something else, 1 where all of it is understood.
        """
        ...

    def read(self, source: Source) -> FileReading:
        """Return what stands in the text; called only where there was a claim."""
        ...
