"""Judges what a reader found in a file: each request by the rules of one, each response too."""

from collections.abc import Sequence
from dataclasses import replace

from pinned_tui.core.labels import plural
from pinned_tui.inspect.fixes import Gathering, TextChange
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.registry import Claim
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.model import (
    Fault,
    Inspection,
    InspectionContext,
    Note,
)
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.request.target import target_of
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.inspect.response.rules import inspect_response
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.secret import Secret

_MOST_ENTRIES = 500
_MOST_SECRETS = 100


def judge(
    claim: Claim, source: Source, reading: FileReading, context: InspectionContext
) -> Inspection:
    """Return the inspection of a file.

    Requests to other hosts are counted and no more: what is right for them is not known here.
    """
    kind = claim.format.kind
    gathering = Gathering(kind, _title(claim))
    changes: list[TextChange] = []
    of_responses: list[Fault] = []
    notes: list[Note] = list(reading.notes)
    elsewhere = responses = 0
    entries = [one for one in reading.entries[:_MOST_ENTRIES] if _is_whole(one, source)]
    if source.is_cut:
        notes.append(Note("input-cut", say("input.input-cut.note")))
    ours = [one for one in entries if _concerns_api(one)]
    for number, entry in enumerate(ours):
        context.say(number / len(ours))
        findings = RequestFindings()
        if entry.request is not None:
            findings = inspect_request(entry.request, context)
            findings.faults[:0] = entry.faults
            gathering.add(entry.request, findings)
            if reading.write is not None:
                changes += reading.write(entry.request, findings.edits)
        if entry.response is not None:
            responses += 1
            faults, worth_knowing = inspect_response(entry.response, entry.request, context)
            own = faults if entry.request is None else left_unexplained(faults, findings.faults)
            of_responses += [_placed(fault, entry) for fault in own]
            notes += worth_knowing
    elsewhere = len(entries) - len(ours)
    for value in reading.secrets[:_MOST_SECRETS]:
        gathering.secrets.append(Secret(value, source="pasted"))
    found = gathering.inspection(source.text, changes, reading.language)
    return replace(
        found,
        summary=reading.summary or _summary(claim, found, ours, elsewhere, responses),
        faults=(*reading.faults, *found.faults, *of_responses),
        notes=(*(() if not gathering.requests else found.notes), *notes, *_tied(claim)),
        judged=found.judged + responses + (reading.judged or bool(reading.faults)),
    )


def _concerns_api(entry: Entry) -> bool:
    target = target_of(entry.request) if entry.request is not None else None
    return target is None or target.concerns_api


def _is_whole(entry: Entry, source: Source) -> bool:
    """Return whether a request stands in a file to its end: one that is cut off lacks nothing."""
    place = entry.request.span if entry.request is not None else None
    return place is None or source.is_closed(place.start, place.end)


def _placed(fault: Fault, entry: Entry) -> Fault:
    """Return a fault of a response with a place in the file, which its reader may not know."""
    place = entry.response.span if entry.response is not None else None
    if place is None and entry.request is not None:
        place = entry.request.span
    return fault if fault.span is not None else replace(fault, span=place)


def _tied(claim: Claim) -> tuple[Note, ...]:
    if not claim.tied:
        return ()
    others = ", ".join(claim.tied)
    return (Note("input-tied", say("input.tied.note", read=claim.format.title, others=others)),)


def _summary(
    claim: Claim, found: Inspection, ours: Sequence[Entry], elsewhere: int, responses: int
) -> str:
    """Say what the file is, and what in it is about the API."""
    title = _title(claim)
    others = plural(elsewhere, "request")
    if not ours:
        if elsewhere:
            return say("input.file.elsewhere", file=title, others=others)
        return say("input.file.none", file=title)
    summary = found.summary
    if all(one.request is None for one in ours):
        summary = say("input.file.responses", file=title, count=plural(responses, "response"))
    if elsewhere:
        summary = say("input.file.and-elsewhere", summary=summary, others=others)
    return summary


def _title(claim: Claim) -> str:
    return claim.format.title[:1].upper() + claim.format.title[1:]
