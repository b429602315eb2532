"""Looks at whatever a person pasted: finds out what it is and says what is wrong with it. Pure."""

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
)
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.scan import secret_values
from pinned_tui.redaction.secret import Secret, may_be_key
from pinned_tui.session import Certainty

_WORD = re.compile(r"[\w.~+/=-]{8,200}")
_LOOKED_AT = 64 * 1024
_MOST_WORDS = 500
_MOST_FURTHER = 50
"""How many secrets are looked for by value beside those of an inspector; each costs time."""

Inspector = Callable[[InputText, InspectionContext], Inspection]
"""Inspects an input of one kind; never fails on any input."""


def _key(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.key_input import inspect

    return inspect(pasted, looking)


def _curl(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.commands.inspect import inspect_curl

    return _with_what_came(inspect_curl(pasted, looking), pasted, looking)


def _httpie(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.commands.inspect import inspect_httpie

    return _with_what_came(inspect_httpie(pasted, looking), pasted, looking)


def _request(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.raw_request import inspect

    return _with_what_came(inspect(pasted, looking), pasted, looking)


def _with_what_came(
    inspection: Inspection, pasted: InputText, looking: InspectionContext
) -> Inspection:
    """Return the inspection of requests with the responses and errors that stand beside them."""
    from pinned_tui.inspect.error_input import with_errors, with_unexplained
    from pinned_tui.inspect.response.rules import with_answers

    answered = with_answers(inspection, pasted, looking)
    if answered.judged == inspection.judged:
        answered = with_errors(answered, pasted, looking)
    return with_unexplained(answered, pasted)


def _payload(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.payload import inspect

    return inspect(pasted, looking)


def _response(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.response.rules import inspect

    return inspect(pasted, looking)


def _answer(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.detect import parsed
    from pinned_tui.inspect.error_input import inspect
    from pinned_tui.inspect.errors_in_text import has_error
    from pinned_tui.inspect.response.rules import inspect_json

    if parsed(pasted.text) is None and has_error(pasted.text):
        return inspect(pasted, looking)
    answered = inspect_json(pasted, looking)
    return answered if answered.judged else inspect(pasted, looking)


def _har(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.logs.inspect import inspect_har

    return inspect_har(pasted, looking)


def _log(pasted: InputText, looking: InspectionContext) -> Inspection:
    from pinned_tui.inspect.logs.inspect import inspect_log

    return inspect_log(pasted, looking)


INSPECTORS: Mapping[InputKind, Inspector] = {
    InputKind.KEY: _key,
    InputKind.CURL: _curl,
    InputKind.HTTPIE: _httpie,
    InputKind.REQUEST: _request,
    InputKind.RESPONSE: _response,
    InputKind.HAR: _har,
    InputKind.PAYLOAD: _payload,
    InputKind.ANSWER: _answer,
    InputKind.LOG: _log,
}
"""Who inspects which kind; each is imported when it is first needed."""


def look(
    pasted: InputText, looking: InspectionContext, kind: InputKind | None = None
) -> Inspection:
    """Inspect ``pasted``.

    Args:
        pasted: The input, from :func:`pinned_tui.inspect.model.read_input`.
        looking: The present moment and what is known.
        kind: What the person says that it is; found out where it is None.

    Raises:
        StoppedError: the person stopped it.
    """
    found = detect(pasted)
    chosen = kind or found
    if chosen is None:
        return guarded(Inspection(None, _unrecognised(pasted)), pasted)
    settings = _settings(pasted, looking) if kind is None and chosen is InputKind.KEY else None
    if settings is not None:
        return guarded(_honest(settings, pasted, named=False), pasted)
    inspection = _honest(INSPECTORS[chosen](pasted, looking), pasted, named=kind is not None)
    if chosen is not found:
        inspection = replace(inspection, secrets=_all_secrets(inspection, pasted, looking, found))
    return inspection if chosen is InputKind.KEY else guarded(inspection, pasted)


def _settings(pasted: InputText, looking: InspectionContext) -> Inspection | None:
    """Inspect what looks like settings, unless the user said that all of it is the key."""
    from pinned_tui.inspect.settings import inspect

    return inspect(pasted, looking)


def guarded(inspection: Inspection, pasted: InputText) -> Inspection:
    """Return ``inspection`` with whatever else in the input is a secret by the general scan.

    An inspector knows the credentials of its own kind of input. The same value may stand in
    another place of it, and others where no inspector looks.
    """
    values = [secret.reveal() for secret in inspection.secrets]
    more = [value for value in secret_values(pasted.text) if value not in values]
    further = tuple(
        Secret(value, source="pasted", name=f"key-{number}")
        for number, value in enumerate(more[:_MOST_FURTHER], start=len(values) + 1)
    )
    return replace(inspection, secrets=(*inspection.secrets, *further))


def _all_secrets(
    inspection: Inspection, pasted: InputText, looking: InspectionContext, found: InputKind | None
) -> tuple[Secret, ...]:
    """Return what must not be repeated of an input that was taken for another kind than it is.

    An inspector looks for keys where its own kind has them. So those count too that the other one
    would find, and every word that may be a key.
    """
    values = [secret.reveal() for secret in inspection.secrets]
    if found is not None:
        values += [secret.reveal() for secret in INSPECTORS[found](pasted, looking).secrets]
    words = islice(_WORD.finditer(pasted.text[:_LOOKED_AT]), _MOST_WORDS)
    values += [word[0] for word in words if may_be_key(word[0])]
    return tuple(
        Secret(value, source="pasted", name=f"key-{number}")
        for number, value in enumerate(dict.fromkeys(values), start=1)
    )


def _honest(inspection: Inspection, pasted: InputText, *, named: bool) -> Inspection:
    """Say of an input in which nothing was judged that nothing can be said of it.

    Args:
        inspection: What was found.
        pasted: The input.
        named: Whether the user said what it is: a word that is said to be a key is judged as one.
    """
    if inspection.faults or inspection.judged or inspection.kind is None:
        return inspection
    if named and inspection.kind is InputKind.KEY and pasted.text.strip():
        return replace(inspection, judged=1)
    sought = say(f"input.sought.{inspection.kind}")
    detail = say("input.nothing-judged.seen", summary=inspection.summary, sought=sought)
    fault = Fault(
        "input-unrecognised", Certainty.CONFIRMED, detail,
        values={"detail": detail},
    )  # fmt: skip
    return replace(inspection, faults=(fault,))


def _unrecognised(pasted: InputText) -> str:
    if not pasted.text.strip():
        return say("input.unrecognised.empty")
    *others, last = TITLES.values()
    what = described(pasted.text) or say("input.unrecognised.unknown")
    return say("input.unrecognised.seen", what=what, kinds=", ".join(others), last=last)
