"""Causes that are predicates over an event's document: what all of them have in common."""

from collections.abc import Callable
from datetime import datetime

import msgspec
import pytest

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.engine import diagnose
from pinned_tui.diagnosis.event import CODE, City, Event
from pinned_tui.diagnosis.facts import Facts
from pinned_tui.diagnosis.rules import event as event_module
from pinned_tui.session import Certainty, Observation, Outcome, Status
from tests.diagnosis.test_engine import seen, session

CATALOGUE = load_catalogue()
EVENT = Event(
    start=datetime.fromisoformat("2099-07-01T19:00:00+02:00"),
    timezone="Europe/Vienna",
    city=City(name="Vienna"),
    classifications=("concert", "family"),
)
FOUND = seen("event.found", Status.PASS, event="5", title="T")
PUBLISHED = seen("event.published", Status.PASS, event="5", title="T")


def read(event: Event) -> Observation:
    document = msgspec.json.decode(msgspec.json.encode(event))
    return seen(CODE, Status.PASS, asked=False, event="5", title="T", document=document)


@pytest.mark.parametrize("sign", event_module.SIGNS, ids=lambda sign: sign[0])
def test_a_predicate_is_of_a_live_cause_and_needs_proof(
    sign: tuple[str, Certainty, Callable[[Event], bool]],
) -> None:
    cause, _, holds = sign
    assert "live" in CATALOGUE[cause].found_by
    assert "event" in CATALOGUE[cause].tested_by
    assert not holds(Event())
    assert holds.__doc__


def test_what_was_read_can_be_named_in_the_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    def vienna(event: Event) -> bool:
        return event.city == City(name="Vienna")

    signs = [("event-draft", Certainty.LIKELY, vienna)]
    monkeypatch.setattr(event_module, "SIGNS", signs)
    facts = Facts(session(read(EVENT)))
    (finding,) = event_module.shown(facts)
    assert finding.subject == "5"
    assert [one.code for one in finding.evidence] == [CODE]
    named = {name: value for name, value in finding.values.items() if value is not None}
    assert named == {
        "event": "5", "event_title": "T", "starts": "2099-07-01 19:00 Europe/Vienna",
        "timezone": "Europe/Vienna", "city": "Vienna", "classifications": "concert, family",
    }  # fmt: skip
    assert not list(event_module.shown(Facts(session(read(Event())))))


@pytest.mark.parametrize(
    ("certainty", "causes", "outcome"),
    [
        (None, ["event-visible-by-api"], Outcome.HEALTHY),
        (Certainty.POSSIBLE, ["event-draft", "event-visible-by-api"], Outcome.HEALTHY),
        (Certainty.LIKELY, ["event-draft"], Outcome.PROBLEM),
        (Certainty.CONFIRMED, ["event-draft"], Outcome.PROBLEM),
    ],
)
def test_a_cause_takes_its_place_beside_nothing_hides_it(
    monkeypatch: pytest.MonkeyPatch,
    certainty: Certainty | None,
    causes: list[str],
    outcome: Outcome,
) -> None:
    signs = [("event-draft", certainty, lambda _: True)] if certainty else []
    monkeypatch.setattr(event_module, "SIGNS", signs)
    result = diagnose(session(FOUND, PUBLISHED, read(EVENT)), CATALOGUE)
    assert [verdict.cause for verdict in result.verdicts] == causes
    assert result.outcome is outcome
