"""Text in which nothing but an error of the API can be made out, and errors beside other parts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pinned_tui.inspect.answer import inspect_answer
from pinned_tui.inspect.errors_in_text import StatedError, errors_in
from pinned_tui.inspect.explaining import left_unexplained
from pinned_tui.inspect.model import Fault, Inspection, Kind, Looking, Pasted
from pinned_tui.inspect.secrets import Credentials
from pinned_tui.privacy.quoting import may_be_key
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Certainty
from pinned_tui.wording import plural

_MOST_WORDS = 400
_LINE = 4000
_NO_KEYS = ("req_", "http", "/")


def inspect(pasted: Pasted, looking: Looking) -> Inspection:
    """Inspect the errors of the API that a text tells of."""
    errors = errors_in(pasted.text)
    faults = faults_of(errors, looking)
    if not errors:
        return Inspection(Kind.ANSWER, "There is no response in it, and no error of the API.")
    said = f"Text with {plural(len(errors), 'error response')}"
    return Inspection(
        Kind.ANSWER,
        f"{said} in it.",
        faults,
        judged=len(errors),
        secrets=secrets_in(pasted.text, (error.span.start for error in errors)),
    )


def faults_of(errors: Iterable[StatedError], looking: Looking) -> tuple[Fault, ...]:
    """Judge errors by the rules for a pasted response, each cause and subject once.

    What was put together from a text that is cut, or from a status alone, confirms nothing.
    """
    kept: dict[tuple[str, str | None], Fault] = {}
    for error in errors:
        for fault in _judged(error, looking):
            kept.setdefault((fault.cause, fault.subject), fault)
    return tuple(kept.values())


def _judged(error: StatedError, looking: Looking) -> Iterator[Fault]:
    faults, _ = inspect_answer(error.answer, error.request, looking)
    for fault in faults:
        sure = fault.certainty is Certainty.CONFIRMED and not error.whole
        certainty = Certainty.LIKELY if sure else fault.certainty
        yield replace(fault, certainty=certainty, span=fault.span or error.span)


def with_errors(inspection: Inspection, pasted: Pasted, looking: Looking) -> Inspection:
    """Return an inspection of requests with the errors that stand as text beside them."""
    errors = errors_in(pasted.text)
    faults = left_unexplained(faults_of(errors, looking), inspection.faults)
    if not faults:
        return inspection
    secrets = secrets_in(pasted.text, (error.span.start for error in errors))
    return replace(
        inspection,
        summary=f"{inspection.summary} An error response stands beside it.",
        faults=(*inspection.faults, *faults),
        judged=inspection.judged + len(errors),
        secrets=(*inspection.secrets, *secrets),
    )


def secrets_in(text: str, places: Iterable[int]) -> tuple[Secret, ...]:
    """Return what must not be repeated of the lines that errors are shown in."""
    credentials = Credentials()
    for place in places:
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        line = text[start : len(text) if end < 0 else end]
        if len(line) > _LINE:
            continue
        credentials.add_text(line)
        for word in line.replace('"', " ").replace("'", " ").split()[:_MOST_WORDS]:
            bare = word.strip("[](){}<>,;:=`\\")
            if not bare.startswith(_NO_KEYS) and may_be_key(bare):
                credentials.add(bare)
    return credentials.secrets()
