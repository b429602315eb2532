"""Looks at whatever a user pasted: finds out what it is and says what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice

from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.known_formats import described
from pinned_tui.inspect.model import (
    TITLES,
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
    read_text,
)
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.scan import secret_values
from pinned_tui.redaction.secret import Secret, may_be_key
from pinned_tui.session import Certainty

_WORD = re.compile(r"[\w.~+/=-]{8,200}")
_LOOKED_AT = 64 * 1024
_MOST_WORDS = 500
_CLAIMED = 64 * 1024
"""Characters by which a reader tells whether a long text is of its kind."""

_HAR_EXCERPT = '{"log":'
_MOST_FAULTS = 300
_MOST_FURTHER = 50
"""How many secrets are looked for by value beside those of an inspector; each costs time."""

MOST_OF_IT = 0.5
"""A reader of a file that explains less of a text leaves it to the kinds known by their form."""

Inspector = Callable[[InputText, InspectionContext], Inspection]
"""Inspects an input of one kind; never fails on any input."""


def _key(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.key_input import inspect

    return inspect(input_text, context)


def _curl(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.commands.inspect import inspect_curl

    return _with_what_came(inspect_curl(input_text, context), input_text, context)


def _httpie(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.commands.inspect import inspect_httpie

    return _with_what_came(inspect_httpie(input_text, context), input_text, context)


def _request(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.raw_request import inspect

    file = _of_a_tool(input_text, context, InputKind.REQUEST)
    return file or _with_what_came(inspect(input_text, context), input_text, context)


def _with_what_came(
    inspection: Inspection, input_text: InputText, context: InspectionContext
) -> Inspection:
    """Return the inspection of requests with the responses and errors that stand beside them."""
    from pinned_tui.inspect.error_input import with_errors, with_unexplained
    from pinned_tui.inspect.response.rules import with_responses

    inspected = with_responses(inspection, input_text, context)
    if inspected.judged == inspection.judged:
        inspected = with_errors(inspected, input_text, context)
    return with_unexplained(inspected, input_text)


def _payload(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.payload import inspect

    return inspect(input_text, context)


def _response(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.response.rules import inspect

    return inspect(input_text, context)


def _response_json(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.described import with_headers
    from pinned_tui.inspect.error_input import inspect
    from pinned_tui.inspect.errors_in_text import has_error
    from pinned_tui.inspect.event_shape import parsed
    from pinned_tui.inspect.response.rules import inspect_json

    if parsed(input_text.text) is None and has_error(input_text.text):
        return inspect(input_text, context)
    inspected = inspect_json(input_text, context)
    if not inspected.judged:
        return inspect(input_text, context)
    return with_headers(inspected, input_text.text)


def _har(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.logs.inspect import inspect_har

    return inspect_har(input_text, context)


def _log(input_text: InputText, context: InspectionContext) -> Inspection:
    from pinned_tui.inspect.logs.inspect import inspect_log

    return inspect_log(input_text, context)


def _file(kind: InputKind) -> Inspector:
    """Return the inspector of what the user says to be a file of some tool."""

    def inspect(input_text: InputText, context: InspectionContext) -> Inspection:
        unread = Inspection(kind, say("input.file.unread", kind=TITLES[kind]))
        return _of_a_tool(input_text, context, kind) or unread

    return inspect


def _of_a_tool(
    input_text: InputText,
    context: InspectionContext,
    kind: InputKind | None = None,
    least: float = 0.0,
) -> Inspection | None:
    """Inspect a file of another tool; None where no reader claims ``least`` of the text."""
    from pinned_tui.inspect.formats.judging import judge
    from pinned_tui.inspect.formats.registry import best_claim, reader_of
    from pinned_tui.inspect.formats.source import Source

    source = Source(input_text)
    claim = best_claim(source, kind)
    if claim is None or claim.share < least:
        return None
    inspection = judge(claim, source, reader_of(claim.format).read(source), context)
    if claim.format.kind not in {InputKind.CODE, InputKind.REQUEST}:
        return inspection
    # What came back, or what a program printed, is often pasted below.
    return _with_what_came(inspection, input_text, context)


def _wire_log(input_text: InputText, context: InspectionContext) -> Inspection | None:
    """Inspect a log of what went over the wire; None where its beginning is none."""
    text = input_text.text
    begins = read_text(text[:_CLAIMED])
    if len(text) > _CLAIMED and _of_a_tool(begins, context, least=MOST_OF_IT) is None:
        return None
    return _of_a_tool(input_text, context, least=MOST_OF_IT)


INSPECTORS: Mapping[InputKind, Inspector] = {
    InputKind.KEY: _key,
    InputKind.CURL: _curl,
    InputKind.HTTPIE: _httpie,
    InputKind.REQUEST: _request,
    InputKind.RESPONSE: _response,
    InputKind.HAR: _har,
    InputKind.PAYLOAD: _payload,
    InputKind.ANSWER: _response_json,
    InputKind.LOG: _log,
    **{
        kind: _file(kind)
        for kind in (
            *(InputKind.SETTINGS, InputKind.COLLECTION, InputKind.WORKFLOW, InputKind.CODE),
        )
    },
}
"""Who inspects which kind; each is imported when it is first needed."""


def look(
    input_text: InputText, context: InspectionContext, kind: InputKind | None = None
) -> Inspection:
    """Inspect ``input_text``.

    Args:
        input_text: The input, from :func:`pinned_tui.inspect.model.read_input`.
        context: The present moment and what is known.
        kind: What the user says that it is; found out where it is None.

    Raises:
        StoppedError: the user stopped it.
    """
    if input_text.excerpt is not None:  # what it was cut out of is known, and a cut shows less
        is_har = input_text.excerpt.unit == "entry" and input_text.text.startswith(_HAR_EXCERPT)
        reading = kind or (InputKind.HAR if is_har else InputKind.LOG)
        # A log of what went over the wire has a reader of its own.
        wire = None if kind or is_har else _wire_log(input_text, context)
        inspection = wire or INSPECTORS[reading](input_text, context)
        return guarded(_honest(inspection, input_text, named=False), input_text)
    if kind is None:
        from pinned_tui.inspect.parts.inspecting import inspect_parts

        inspection = _bounded(inspect_parts(input_text, context, _look_at_one))
        return inspection if inspection.kind is InputKind.KEY else guarded(inspection, input_text)
    return _bounded(_look_at_one(input_text, context, kind))


def _bounded(inspection: Inspection) -> Inspection:
    """Leave out what nobody would read: the findings behind the first few hundred."""
    count = len(inspection.faults)
    if count <= _MOST_FAULTS:
        return inspection
    note = Note(
        "findings-many",
        say("input.findings-many.note", count=f"{count:,}", shown=f"{_MOST_FAULTS:,}"),
    )
    return replace(
        inspection, faults=inspection.faults[:_MOST_FAULTS], notes=(*inspection.notes, note)
    )


def _look_at_one(
    input_text: InputText, context: InspectionContext, kind: InputKind | None = None
) -> Inspection:
    """Inspect a text that is one input."""
    found = detect(input_text)
    if kind is None:
        least = MOST_OF_IT if found is not None else 0.0
        file = _of_a_tool(input_text, context, least=least)
        if file is not None:
            return guarded(_honest(file, input_text, named=False), input_text)
    chosen = kind or found
    if chosen is None:
        return guarded(Inspection(None, _unrecognised(input_text)), input_text)
    settings = _settings(input_text, context) if kind is None and chosen is InputKind.KEY else None
    if settings is not None:
        return guarded(_honest(settings, input_text, named=False), input_text)
    inspection = _honest(
        INSPECTORS[chosen](input_text, context), input_text, named=kind is not None
    )
    if chosen is not found:
        inspection = replace(
            inspection, secrets=_all_secrets(inspection, input_text, context, found)
        )
    return inspection if chosen is InputKind.KEY else guarded(inspection, input_text)


def _settings(input_text: InputText, context: InspectionContext) -> Inspection | None:
    """Inspect what looks like settings, unless the user said that all of it is the key."""
    from pinned_tui.inspect.formats.settings_rules import inspect

    return inspect(input_text, context)


def guarded(inspection: Inspection, input_text: InputText) -> Inspection:
    """Return ``inspection`` with whatever else in the input is a secret by the general scan.

    An inspector knows the credentials of its own kind of input. The same value may stand in
    another place of it, and others where no inspector looks.
    """
    values = [secret.reveal() for secret in inspection.secrets]
    more = [value for value in secret_values(input_text.text) if value not in values]
    further = tuple(
        Secret(value, source="pasted", name=f"key-{number}")
        for number, value in enumerate(more[:_MOST_FURTHER], start=len(values) + 1)
    )
    return replace(inspection, secrets=(*inspection.secrets, *further))


def _all_secrets(
    inspection: Inspection,
    input_text: InputText,
    context: InspectionContext,
    found: InputKind | None,
) -> tuple[Secret, ...]:
    """Return what must not be repeated of an input that was taken for another kind than it is.

    An inspector looks for keys where its own kind has them. So those count too that the other one
    would find, and every word that may be a key.
    """
    values = [secret.reveal() for secret in inspection.secrets]
    if found is not None:
        values += [secret.reveal() for secret in INSPECTORS[found](input_text, context).secrets]
    words = islice(_WORD.finditer(input_text.text[:_LOOKED_AT]), _MOST_WORDS)
    values += [word[0] for word in words if may_be_key(word[0])]
    return tuple(
        Secret(value, source="pasted", name=f"key-{number}")
        for number, value in enumerate(dict.fromkeys(values), start=1)
    )


def _honest(inspection: Inspection, input_text: InputText, *, named: bool) -> Inspection:
    """Say of an input in which nothing was judged that nothing can be said of it.

    Args:
        inspection: What was found.
        input_text: The input.
        named: Whether the user said what it is: a word that is said to be a key is judged as one.
    """
    if inspection.faults or inspection.judged or inspection.kind is None:
        return inspection
    if named and inspection.kind is InputKind.KEY and input_text.text.strip():
        return replace(inspection, judged=1)
    sought = say(f"input.sought.{inspection.kind}")
    detail = say("input.nothing-judged.seen", summary=inspection.summary, sought=sought)
    fault = Fault(
        "input-unrecognised", Certainty.CONFIRMED, detail,
        values={"detail": detail},
    )  # fmt: skip
    return replace(inspection, faults=(fault,))


def _unrecognised(input_text: InputText) -> str:
    if not input_text.text.strip():
        return say("input.unrecognised.empty")
    what = described(input_text.text) or say("input.unrecognised.unknown")
    return say("input.unrecognised.seen", what=what)
