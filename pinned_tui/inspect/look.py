"""Looks at whatever a person pasted: finds out what it is and says what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice

from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.model import TITLES, Inspection, Kind, Looking, Pasted
from pinned_tui.privacy.quoting import may_be_key
from pinned_tui.privacy.scan import secret_values
from pinned_tui.privacy.secret import Secret

_WORD = re.compile(r"[\w.~+/=-]{8,200}")
_LOOKED_AT = 64 * 1024
_MOST_WORDS = 500
_MOST_FURTHER = 50
"""How many secrets are looked for by value beside those of an inspector; each costs time."""

Inspector = Callable[[Pasted, Looking], Inspection]
"""Inspects an input of one kind; never fails on any input."""


def _key(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.pasted_key import inspect

    return inspect(pasted, looking)


def _curl(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.answer import with_answers
    from pinned_tui.inspect.commands import inspect_curl

    return with_answers(inspect_curl(pasted, looking), pasted, looking)


def _httpie(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.commands import inspect_httpie

    return inspect_httpie(pasted, looking)


def _request(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.answer import with_answers
    from pinned_tui.inspect.pasted_request import inspect

    return with_answers(inspect(pasted, looking), pasted, looking)


def _payload(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.payload import inspect

    return inspect(pasted, looking)


def _response(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.answer import inspect

    return inspect(pasted, looking)


def _answer(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.answer import inspect_json

    return inspect_json(pasted, looking)


def _har(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.log.inspecting import inspect_har

    return inspect_har(pasted, looking)


def _log(pasted: Pasted, looking: Looking) -> Inspection:
    from pinned_tui.inspect.log.inspecting import inspect_log

    return inspect_log(pasted, looking)


INSPECTORS: Mapping[Kind, Inspector] = {
    Kind.KEY: _key,
    Kind.CURL: _curl,
    Kind.HTTPIE: _httpie,
    Kind.REQUEST: _request,
    Kind.RESPONSE: _response,
    Kind.HAR: _har,
    Kind.PAYLOAD: _payload,
    Kind.ANSWER: _answer,
    Kind.LOG: _log,
}
"""Who inspects which kind; each is imported when it is first needed."""


def look(pasted: Pasted, looking: Looking, kind: Kind | None = None) -> Inspection:
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
    inspection = INSPECTORS[chosen](pasted, looking)
    if chosen is not found:
        inspection = replace(inspection, secrets=_all_secrets(inspection, pasted, looking, found))
    return inspection if chosen is Kind.KEY else guarded(inspection, pasted)


def guarded(inspection: Inspection, pasted: Pasted) -> Inspection:
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
    inspection: Inspection, pasted: Pasted, looking: Looking, found: Kind | None
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


def _unrecognised(pasted: Pasted) -> str:
    if not pasted.text.strip():
        return "There is nothing in it."
    *others, last = TITLES.values()
    return f"I can't tell what this is. I looked for {', '.join(others)} and {last}."
