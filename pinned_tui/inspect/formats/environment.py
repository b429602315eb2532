"""Reads the environment of an API client alone: the key in it, and the address of the API."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pinned_tui.api_spec.routes import NAMESPACE
from pinned_tui.inspect.formats.client_request import secrets_of
from pinned_tui.inspect.formats.model import FileReading
from pinned_tui.inspect.formats.places import enabled, inside, written
from pinned_tui.inspect.formats.source import child, text_of
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.model import Fault
from pinned_tui.inspect.request.target import HostKind, target_of
from pinned_tui.inspect.request.url import inspect_address
from pinned_tui.inspect.sentences import say
from pinned_tui.session import Certainty

_KEY = re.compile(
    r"(?:[a-z]+[_.-]?)*(?:api[_-]?key|api[_-]?token|access[_-]?token|auth[_-]?token|bearer|token"
    r"|pinned\w*(?:key|secret))",
    re.IGNORECASE,
)
_OWN = re.compile("pinned", re.IGNORECASE)


def rows_of(environments: Iterable[Node]) -> list[tuple[str, Node]]:
    """Return the variables of environments that have a value, by name."""
    return [
        (name, value)
        for one in environments
        for row in enabled(_values(one))
        if (name := text_of(row, "key") or text_of(row, "name"))
        and (value := child(row, "value")) is not None
        and written(value).strip()
    ]


def read_environment(rows: list[tuple[str, Node]], text: str) -> FileReading:
    """Judge the key and the address of the API among the variables of environments.

    How a request uses a variable stands elsewhere, so that nothing about one is certain.
    """
    keys = [row for row in rows if _KEY.fullmatch(row[0])]
    if not _OWN.search(text):
        return FileReading(())
    own = [row for row in keys if _OWN.search(row[0])] or keys
    faults: list[Fault] = []
    judged = 0
    for _, value in own:
        if "{{" not in written(value):
            judged += 1
            faults += _key(value, text)
    for _, value in rows:
        found = _address(value, text)
        if found is not None:
            judged += 1
            faults += found
    values = {name: written(value) for name, value in rows}
    secrets = (*secrets_of(values), *(written(value) for _, value in own))
    summary = say("collection.environment.summary", count=len(rows))
    return FileReading((), faults=tuple(faults), secrets=secrets, judged=judged, summary=summary)


def _values(node: Node) -> list[Node]:
    found = child(node, "values")
    return found.items if found is not None else []


def _key(value: Node, text: str) -> Iterator[Fault]:
    for fault in inspect_key(written(value)):
        certainty = fault.certainty
        if certainty is Certainty.CONFIRMED:
            certainty = Certainty.LIKELY
        place = inside(text, value)
        yield Fault(fault.cause, certainty, fault.detail, found=fault.found, span=place)


def _address(value: Node, text: str) -> list[Fault] | None:
    """Judge an address of the API; None where it is something else."""
    url = written(value).strip()
    target = target_of(HttpRequest(None, url)) if "://" in url else None
    if target is None or target.kind not in {HostKind.API, HostKind.NEAR}:
        return None
    path = target.path.rstrip("/")
    if path.startswith("/developers"):
        return None
    if path in {"", NAMESPACE}:
        url = f"{url.rstrip('/').removesuffix(path)}{NAMESPACE}/channels"
    request = HttpRequest(None, url)
    judged = target_of(request)
    faults = inspect_address(request, judged).faults if judged is not None else []
    place = inside(text, value)
    return [replace(one, certainty=_at_most_likely(one), span=place) for one in faults]


def _at_most_likely(fault: Fault) -> Certainty:
    return Certainty.LIKELY if fault.certainty is Certainty.CONFIRMED else fault.certainty
