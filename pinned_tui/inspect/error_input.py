"""Text in which nothing but an error of the API can be made out, and errors beside other parts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pinned_tui.core.labels import plural
from pinned_tui.inspect.described import with_headers
from pinned_tui.inspect.errors_in_text import ReportedError, errors_in
from pinned_tui.inspect.header_errors import header_fault
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
)
from pinned_tui.inspect.network_errors import browser_fault, is_about_api, network_fault
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.inspect.response.rules import inspect_response
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.scan import secret_values
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty

_LINE = 4000
_HEAD = 256 * 1024
TOOL_ERROR = re.compile(
    r"^[ \t]*curl: \(\d{1,3}\) .*|^[ \t]*\+ CategoryInfo[ \t]*:.*"
    r"|^Traceback \(most recent call last\).*"
    r"|^[\w.-]{1,40}: (?:line \d+: )?.{0,80}: command not found.*"
    r"|^zsh: no matches found.*"
    r"|^.{0,80} is not recognized as .*|^https?: error: .*|^(?:ba)?sh: .*syntax error.*"
    r"|^[ \t]*\+ FullyQualifiedErrorId[ \t]*:.*"
    r"|^[ \t]*(?:Uncaught |Unhandled |Caused by: |\[cause\]: |Exception in thread \S{1,40} )?"
    r"(?:[\w$]{1,80}[.:\\]{1,2}){0,12}\w{0,80}(?:Error|Exception)(?: \[\w+\])?: .*",
    re.MULTILINE,
)
"""What shells, curl and HTTPie print when something failed."""

_CODE_LINE = re.compile(
    r"^[ \t]*(?:#|//|rem[ \t]|\*)|\b(?:elif|echo|printf|exit|then|while|grep|assert|expect|case)\b"
    r"|\bif[ \t]*[\[(]|\[\[?[ \t]|-(?:eq|ne)\b|[=!]=|\$",
    re.IGNORECASE,
)


def inspect(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect the errors of the API that a text tells of."""
    errors = errors_in(input_text.text)
    if browser_fault(input_text.text) is not None:
        errors = tuple(one for one in errors if one.whole)  # a status is that of the preflight
    if not errors:
        return with_headers(_without_response(input_text), input_text.text)
    faults = faults_of(errors, context)
    summary = say("input.error-text.errors", errors=plural(len(errors), "error response"))
    found = Inspection(
        InputKind.ANSWER,
        summary,
        faults,
        judged=len(errors),
        secrets=secrets_in(input_text.text, (error.span.start for error in errors)),
        reported=not any(error.whole for error in errors),
    )
    return with_headers(found, input_text.text)


def _without_response(input_text: InputText) -> Inspection:
    """Judge a text by an error for which no response came, where it is about the API."""
    fault = header_fault(input_text.text)
    if fault is None and is_about_api(input_text.text):
        fault = network_fault(input_text.text)
    if fault is None:
        return Inspection(InputKind.ANSWER, say("input.error-text.none"))
    place = fault.span.start if fault.span is not None else 0
    return Inspection(
        InputKind.ANSWER,
        say("input.error-text.lost"),
        (fault,),
        judged=1,
        reported=True,
        secrets=secrets_in(input_text.text, [place]),
    )


def faults_of(errors: Iterable[ReportedError], context: InspectionContext) -> tuple[Fault, ...]:
    """Judge errors by the rules for a pasted response, each cause and subject once.

    What was put together from a text that is cut, or from a status alone, confirms nothing.
    """
    kept: dict[tuple[str, str | None], Fault] = {}
    for error in errors:
        for fault in _judged(error, context):
            kept.setdefault((fault.cause, fault.subject), fault)
    return tuple(kept.values())


def _judged(error: ReportedError, context: InspectionContext) -> Iterator[Fault]:
    faults, _ = inspect_response(error.response, error.request, context)
    for fault in faults:
        sure = fault.certainty is Certainty.CONFIRMED and not error.whole
        certainty = Certainty.LIKELY if sure else fault.certainty
        yield replace(fault, certainty=certainty, span=fault.span or error.span)


def with_errors(
    inspection: Inspection, input_text: InputText, context: InspectionContext
) -> Inspection:
    """Return an inspection of requests with the errors that stand as text beside them."""
    errors = [one for one in errors_in(input_text.text) if not _is_code(one, input_text.text)]
    faults = left_unexplained(faults_of(errors, context), inspection.faults)
    if not errors and (fault := network_fault(input_text.text)) is not None:
        return _unanswered(inspection, input_text, fault)
    if not faults:
        return inspection
    secrets = secrets_in(input_text.text, (error.span.start for error in errors))
    return replace(
        inspection,
        summary=say("input.error-text.beside", summary=inspection.summary),
        faults=(*inspection.faults, *faults),
        judged=inspection.judged + len(errors),
        secrets=(*inspection.secrets, *secrets),
    )


def _unanswered(inspection: Inspection, input_text: InputText, fault: Fault) -> Inspection:
    """Return an inspection of requests with what kept them from a response, which comes first."""
    place = fault.span.start if fault.span is not None else 0
    return replace(
        inspection,
        summary=say("input.error-text.lost-beside", summary=inspection.summary),
        faults=(*inspection.faults, fault),
        judged=inspection.judged + 1,
        secrets=(*inspection.secrets, *secrets_in(input_text.text, [place])),
    )


def _is_code(error: ReportedError, text: str) -> bool:
    """Return whether a status is one that a script or a comment only speaks of."""
    if error.response.text:
        return False
    end = text.find("\n", error.span.end)
    line = text[text.rfind("\n", 0, error.span.start) + 1 : len(text) if end < 0 else end]
    return _CODE_LINE.search(line) is not None


def with_unexplained(inspection: Inspection, input_text: InputText) -> Inspection:
    """Return an inspection that found nothing wrong, with the error of a shell that is beside it.

    Whoever pastes it has a failure, so that it is not well, though nothing here can tell why.
    """
    if any(fault.certainty is not Certainty.POSSIBLE for fault in inspection.faults):
        return inspection
    match = TOOL_ERROR.search(input_text.text, 0, _HEAD)
    if match is None:
        return inspection
    in_powershell = "CategoryInfo" in input_text.text
    detail = say("input.unexplained.alias" if in_powershell else "input.unexplained.seen")
    fault = Fault(
        "input-unrecognised",
        Certainty.CONFIRMED,
        detail,
        span=Span(*match.span()),
        values={"short": say("input.unexplained.short"), "detail": detail},
    )
    return replace(inspection, faults=(*inspection.faults, fault))


def secrets_in(text: str, places: Iterable[int]) -> tuple[Secret, ...]:
    """Return what must not be repeated of the lines that errors are shown in."""
    credentials = CredentialCollector()
    for place in places:
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        line = text[start : len(text) if end < 0 else end]
        if len(line) > _LINE:
            continue
        credentials.add_text(line)
        for value in secret_values(line):
            credentials.add(value)
    return credentials.secrets()
