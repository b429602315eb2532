"""A key in any place and any encoding of a paste: none of what is made of it shows the key."""

import random
from datetime import UTC, datetime
from functools import cache

import pytest

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import Inspection, InspectionContext, read_text
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.secret import Secret
from pinned_tui.report import markdown, text
from pinned_tui.report.export import export
from pinned_tui.session import Session, encode
from pinned_tui.tui.masking import mask
from tests.canary.canary import ENCODINGS, KEY, PLACES, READABLE, Encoding, Place, Readable
from tests.samples import TurnedClock

LOOKING = InspectionContext(now=datetime(2026, 11, 28, 12, tzinfo=UTC))
SECRET = Secret(KEY, source="environment")


@cache
def looked(pasted_text: str, *, known: bool) -> tuple[Inspection, Session]:
    pasted = read_text(pasted_text)
    inspection = look(pasted, LOOKING)
    begun = new_inspection(
        base_url="https://pinned.events", clock=TurnedClock(), chance=random.Random(1)
    )
    handed = Handed(pasted.text, "pasted", pasted.size)
    secrets = [SECRET] if known else []
    return inspection, inspected(begun, handed, inspection, clock=TurnedClock(), secrets=secrets)


def made_of(pasted: str, *, known: bool) -> dict[str, str]:
    """Everything that somebody may see or that is kept of an inspection."""
    inspection, session = looked(pasted, known=known)
    secrets = [*inspection.secrets, *([SECRET] if known else [])]
    return {
        "session": encode(session).decode(),
        "text": text.render(session),
        "markdown": markdown.render(session),
        "json": export(session, "json", secrets=secrets, with_pasted=True).decode(),
        "screen": mask(pasted, secrets).shown,
        "redacted": Redactor(secrets).text(pasted),
    }


def shown(made: dict[str, str]) -> list[str]:
    return [f"{name}: {find_leaks(one, [SECRET])}" for name, one in made.items()
            if find_leaks(one, [SECRET])]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_a_key_in_any_place_is_not_shown(place: Place) -> None:
    assert shown(made_of(place.holding(KEY), known=False)) == []


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.id)
def test_a_key_in_any_encoding_is_not_shown(encoding: Encoding) -> None:
    """Where the reading does not find it by itself, it stands in plain text nearby or is known."""
    written = encoding.of(KEY)
    log = f"2026-11-28T10:00:00Z GET https://pinned.events/api/public/v1/channels 401 {written}\n"
    beside = f"Authorization: Bearer {KEY}\nX-Note: {written}\n"
    assert shown(made_of(beside, known=False)) == []
    assert shown(made_of(log, known=True)) == []
    if encoding.alone:
        assert shown(made_of(log, known=False)) == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_what_was_a_key_is_named_and_found_elsewhere(place: Place) -> None:
    """The value is handed on as a secret, so that the last scan of everything looks for it."""
    inspection, _ = looked(place.holding(KEY), known=False)
    values = [secret.reveal() for secret in inspection.secrets]
    assert any(KEY in value for value in values)


@pytest.mark.parametrize("readable", READABLE, ids=lambda readable: readable.id)
def test_what_people_need_to_read_stays(readable: Readable) -> None:
    line = "2026-11-28T10:00:00Z GET https://pinned.events/api/public/v1/channels 401\n"
    made = made_of(f"{line}{readable.text}\n{line}", known=True)
    assert readable.must_stay in made["screen"]
    assert readable.must_stay in made["redacted"]


def test_there_are_as_many_as_promised() -> None:
    assert len(PLACES) >= 60
    assert len(ENCODINGS) >= 30
    assert len(READABLE) >= 40
