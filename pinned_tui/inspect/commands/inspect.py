"""Pasted commands of curl and HTTPie: finds them in a text, inspects and corrects each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE
from pinned_tui.inspect.arguments import Argument, ArgumentFault, ParsedArguments
from pinned_tui.inspect.commands import starts as starts_module
from pinned_tui.inspect.commands.curl import arguments as curl_arguments
from pinned_tui.inspect.commands.curl import read_curl
from pinned_tui.inspect.commands.httpie import arguments as httpie_arguments
from pinned_tui.inspect.commands.httpie import read_httpie
from pinned_tui.inspect.fixes import CommandWriter, Gathering, TextChange
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
    Span,
)
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.shell import bash
from pinned_tui.inspect.shell.dialects import dialect_of, split
from pinned_tui.inspect.shell.words import Command, Dialect, Word
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_placeholder
from pinned_tui.session import Certainty

_LONGEST_COMMAND = 1 << 18
"""Characters; Linux takes half as many in one argument, and Windows far fewer."""

_MOST_COMMANDS = 500
_MOST_SLIPS = 50
_MOST_MISQUOTED = 20
_TYPOGRAPHIC = dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"'
) | dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032"), "'")
_WRONG_QUOTES = "".join(map(chr, _TYPOGRAPHIC))
_VARIABLE = re.compile(r"%[A-Za-z_]\w{2,63}%")
_ASSIGNED = re.compile(
    r"(?:key|token|secret)\w{0,16}[ \t]{0,4}=[ \t]{0,4}"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'$%`(){}]{6,500})(?P=quote)",
    re.IGNORECASE,
)
_CAUSES = {
    "authorization": "auth-header-missing",
    "x-api-key": "auth-header-missing",
    "content-type": "body-content-type",
    "idempotency-key": "idempotency-key-missing",
    "body": "body-malformed-json",
    "method": "method-wrong",
    "url": "url-wrong-host",
}

_Reader = Callable[[Command], Iterator[ParsedArguments]]


def inspect_curl(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect the curl commands in a text."""
    return _inspect(input_text, context, InputKind.CURL, starts_module.CURL, read_curl)


def inspect_httpie(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect the HTTPie commands in a text."""
    return _inspect(input_text, context, InputKind.HTTPIE, starts_module.HTTPIE, read_httpie)


def find_commands(
    text: str, starts: re.Pattern[str]
) -> Iterator[tuple[Command, tuple[ArgumentFault, ...]]]:
    """Return the commands in ``text``, split, with what the shell does not take as it was meant.

    What stands before a command, between two and behind the last one is passed over: prompts,
    prose, code fences, other commands.
    """
    begins = [match.start("word") for match in starts.finditer(text)][:_MOST_COMMANDS]
    end, misquoted = 0, 0
    for number, start in enumerate(begins):
        if start < end:
            continue
        limit = min(len(text), start + _LONGEST_COMMAND)
        following = begins[number + 1] if number + 1 < len(begins) else len(text)
        dialect = dialect_of(text, start, min(limit, following))
        command = split(text, start, limit, dialect)
        meant = None
        if misquoted < _MOST_MISQUOTED and _is_misquoted(text, command):
            meant = _as_meant(text, command, limit)
            misquoted += 1
        end = max(command.span.end, meant.span.end if meant else 0)
        yield meant or command, _misquotes(text, meant) if meant else ()


def _is_misquoted(text: str, command: Command) -> bool:
    """Return whether a word begins with what is no quote to the shell."""
    wrong = _wrong_quotes(command.dialect)
    return any(text[word.span.start : word.span.start + 1] in wrong for word in command.words[1:])


def _wrong_quotes(dialect: Dialect) -> frozenset[str]:
    if dialect is Dialect.POWERSHELL:
        return frozenset()
    return frozenset(_WRONG_QUOTES + ("'" if dialect is Dialect.CMD else ""))


def _as_meant(text: str, command: Command, limit: int) -> Command:
    """Split the command again with its wrong quotes taken for right ones."""
    start = command.span.start
    region = text[start:limit].translate(_TYPOGRAPHIC)
    if command.dialect is not Dialect.CMD:
        return split(text[:start] + region, start, limit, command.dialect)
    region = re.sub(r"\^(?=\r?\n)", r"\\", region)
    meant = bash.split(text[:start] + region, start, limit)
    words = tuple(
        Word(
            word.text,
            word.span,
            word.offsets,
            tuple(Span(*match.span()) for match in _VARIABLE.finditer(word.text)),
        )
        for word in meant.words
    )
    return replace(meant, words=words, dialect=Dialect.CMD)


def _misquotes(text: str, command: Command) -> tuple[ArgumentFault, ...]:
    """Return the arguments whose quotes are none to the shell."""
    wrong = _wrong_quotes(command.dialect)
    in_cmd = command.dialect is Dialect.CMD
    detail = say("commands.quotes.single-in-cmd" if in_cmd else "commands.quotes.typographic")
    change = say("commands.quotes.change")
    program = re.split(r"[\\/]", command.words[0].text)[-1].lower() if command.words else ""
    arguments = curl_arguments if program.startswith("curl") else httpie_arguments
    slips = []
    for argument in arguments(command):
        start = argument.value.span.start if argument.value is not None else -1
        if start >= 0 and text[start : start + 1] in wrong:
            slips.append(ArgumentFault(argument, _about(argument), detail, change))
    return tuple(slips[:_MOST_SLIPS])


def _about(argument: Argument) -> str:
    """Say what an argument was meant to be, in the words of :class:`ArgumentFault`."""
    name = argument.text.partition(":")[0].strip().lower()
    if argument.name == "header" or (not argument.name and name in _CAUSES):
        return name
    if argument.name.startswith(("data", "json", "raw")):
        return "body"
    return "url" if argument.name in {"", "url"} else argument.name


def _inspect(
    input_text: InputText,
    context: InspectionContext,
    kind: InputKind,
    starts: re.Pattern[str],
    read: _Reader,
) -> Inspection:
    text = input_text.text
    gathering = Gathering(kind)
    gathering.secrets += [
        Secret(match["value"], source="pasted")
        for match in _ASSIGNED.finditer(text)
        if not is_placeholder(match["value"])
    ]
    changes: list[TextChange] = []
    dialects: list[Dialect] = []
    for command, misquotes in find_commands(text, starts):
        context.say(command.span.start / max(len(text), 1))
        dialects.append(command.dialect)
        for number, reading in enumerate(read(command)):
            slips = reading.slips if number else (*misquotes, *reading.slips)
            whole = replace(reading, slips=slips)
            findings = _findings(whole, context)
            fixed = (slip.change for slip in whole.slips if slip.change is not None)
            gathering.add(whole.request, findings, fixed)
            changes += CommandWriter(text, whole).changes(findings.edits)
            changes += _hidden(whole)
    return gathering.inspection(text, changes, dialects[0] if dialects else Dialect.BASH)


def _findings(reading: ParsedArguments, context: InspectionContext) -> RequestFindings:
    """Inspect one request; what its slips make of it comes first."""
    findings = RequestFindings()
    seen = inspect_request(_assumed(reading.request), context)
    if reading.request.url is None:
        findings.faults.append(_without_address(reading))
    findings.faults += _slipped(reading)
    slipped = {fault.cause for fault in findings.faults}
    findings.extend(seen)
    findings.faults = [
        fault
        for number, fault in enumerate(findings.faults)
        if number < len(slipped) or fault.cause not in slipped
    ]
    findings.notes += [Note(*remark) for remark in reading.remarks]
    findings.notes += _lost_quotes(reading)
    for text in reading.credentials:
        login = re.search(r"(?:://)?([^/@\s]+)@", text)
        findings.hide(*_logins(login[1] if login else text))
    return findings


def _logins(text: str) -> tuple[str, ...]:
    """Return what is secret of a login: its password, or all of it where it has no user.

    The address of a proxy that asks for none is no login.
    """
    if "://" in text:
        return ()
    _, colon, password = text.partition(":")
    return (password,) if colon else (text,)


def _assumed(request: HttpRequest) -> HttpRequest:
    """Return a request without an address as one to the route that its body is meant for."""
    if request.url is not None or request.body is None or request.method != "POST":
        return request
    return replace(request, url=f"{DEFAULT_BASE_URL}{NAMESPACE}/events")


def _without_address(reading: ParsedArguments) -> Fault:
    span = reading.command.words[0].span if reading.command.words else reading.command.span
    return Fault(
        "url-wrong-host",
        Certainty.LIKELY,
        say("commands.url-wrong-host.absent"),
        suggestion=DEFAULT_BASE_URL,
        span=span,
        alternatives=(say("commands.url-wrong-host.or-elsewhere"),),
    )


def _lost_quotes(reading: ParsedArguments) -> Iterator[Note]:
    """Say what PowerShell may do to JSON on its way to a native program."""
    body = reading.request.body
    if reading.command.dialect is not Dialect.POWERSHELL or body is None or body.places:
        return
    written = [a.text for a in reading.arguments if a.name in {"data", "data-raw", "json", "raw"}]
    if body.text is not None and any('"' in text for text in written):
        yield Note("powershell-quotes", say("commands.powershell-quotes.note"), body.span)


def _slipped(reading: ParsedArguments) -> Iterator[Fault]:
    """Return a fault of each kind that the slips of a command make."""
    told: set[str] = set()
    only_url = all(slip.about == "url" for slip in reading.slips)
    for slip in reading.slips:
        cause = _CAUSES.get(slip.about)
        if cause is None or cause in told or (slip.about == "url" and not only_url):
            continue
        told.add(cause)
        values = {"route": reading.request.method} if slip.about == "method" else {}
        yield Fault(
            cause,
            Certainty.LIKELY if slip.about in {"method", "url"} else Certainty.CONFIRMED,
            slip.detail,
            suggestion=slip.instead if slip.about == "method" else None,
            span=slip.argument.value.span if slip.argument.value else slip.argument.span,
            values={**values, "detail": slip.detail},
        )


def _hidden(reading: ParsedArguments) -> Iterator[TextChange]:
    """Take logins at proxies out of the corrected command."""
    for argument in reading.arguments:
        word = argument.value
        if word is None or word.filled or argument.text not in reading.credentials:
            continue
        login = re.search(r"(?<=://)[^/@\s]+(?=@)|\A[^/@\s]+(?=@)", word.text)
        if login is not None:
            yield TextChange(word.place(*login.span()), "***")
        elif argument.name not in {"proxy", "preproxy"}:
            yield TextChange(word.place(0, len(word.text)), "***")
