"""Looks at whatever a person pasted: finds out what it is and says what is wrong with it. Pure."""

from collections.abc import Callable, Mapping

from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.model import TITLES, Inspection, Kind, Looking, Pasted

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
    kind = kind or detect(pasted)
    if kind is None:
        return Inspection(None, _unrecognised(pasted))
    return INSPECTORS[kind](pasted, looking)


def _unrecognised(pasted: Pasted) -> str:
    if not pasted.text.strip():
        return "There is nothing in it."
    *others, last = TITLES.values()
    return f"I can't tell what this is. I looked for {', '.join(others)} and {last}."
