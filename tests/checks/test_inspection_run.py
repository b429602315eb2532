"""What was pasted as a session: places, excerpts, redaction, outcomes, and what may be kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.checks.inspection_run import Handed, Lines, inspected, new_inspection
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import (
    Correction,
    Fault,
    InputKind,
    Inspection,
    InspectionContext,
    Note,
    Span,
    read_input,
    read_text,
)
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import (
    Certainty,
    Observation,
    Outcome,
    Run,
    Session,
    decode,
    encode,
    replace,
    without_pasted,
)
from tests.samples import BEGIN, TurnedClock

KEY = "Zq3vR8pLw2Nc7XdT5yHb"


def session_of(text: str, inspection: Inspection) -> Session:
    clock = TurnedClock()
    begun = new_inspection(base_url="https://pinned.events", clock=clock)
    handed = Handed(text, "pasted", len(text))
    return inspected(begun, handed, inspection, clock=clock)


def looked_at(text: str) -> Session:
    return session_of(text, look(read_text(text), InspectionContext(now=BEGIN)))


def faulty(text: str, part: str, *secrets: str, **changes: object) -> Session:
    start = text.index(part)
    fault = Fault(
        "auth-scheme-wrong", Certainty.CONFIRMED, "The scheme is Token.",
        span=Span(start, start + len(part)),
    )  # fmt: skip
    kept = tuple(Secret(value, source="pasted") for value in secrets)
    inspection = Inspection(InputKind.REQUEST, "A request.", (fault,), secrets=kept)
    return session_of(text, inspection)


def fault_of(session: Session) -> Observation:
    return next(one for one in session.observations if one.code == "pasted.fault")


def test_a_fault_has_its_line_column_and_a_mark_under_it() -> None:
    data = fault_of(faulty("GET /x\r\nAccept: a\r\nAuthorization: Token", "Token")).data
    assert (data["line"], data["column"]) == (3, 16)
    assert data["excerpt"] == "Authorization: Token"
    assert data["mark"] == [15, 5]


def test_the_line_is_shown_without_the_key_and_the_mark_stays_right() -> None:
    session = faulty(f"Authorization: Token {KEY} # old", "Token", KEY)
    data = fault_of(session).data
    assert data["excerpt"] == "Authorization: Token [key-1] # old"
    assert data["mark"] == [15, 5]
    assert find_leaks(encode(session), [Secret(KEY, source="test")]) == ()


def test_a_mark_that_would_cut_a_key_apart_is_left_out() -> None:
    session = faulty(f"x-api-key: {KEY}", KEY[4:12], KEY)
    data = fault_of(session).data
    assert data["excerpt"] == "x-api-key: [key-1]"
    assert "mark" not in data
    assert find_leaks(encode(session), [Secret(KEY, source="test")]) == ()


def test_a_long_line_is_cut_around_the_mark() -> None:
    data = fault_of(faulty("a " * 500 + "Token" + " b" * 500, "Token")).data
    start, length = data["mark"]
    assert data["excerpt"][start : start + length] == "Token"
    assert len(data["excerpt"]) <= 160


def test_control_characters_in_the_line_are_shown_as_stand_ins() -> None:
    data = fault_of(faulty("\x1b[31mAuthorization: Token", "Token")).data
    assert "\x1b" not in data["excerpt"]
    start, length = data["mark"]
    assert data["excerpt"][start : start + length] == "Token"


def test_what_an_input_shows_is_a_problem_whatever_the_cause_is_elsewhere() -> None:
    broken = Fault("server-error", Certainty.LIKELY, "It answered 500.")
    session = session_of("x", Inspection(InputKind.RESPONSE, "An answer.", (broken,)))
    assert session.outcome is Outcome.PROBLEM


def test_what_is_only_possible_or_a_note_is_no_alarm() -> None:
    maybe = Fault("place-id-suspicious", Certainty.POSSIBLE, "It has blanks.")
    note = Note("key-masked", "The key was masked.")
    session = session_of("x", Inspection(InputKind.PAYLOAD, "A body.", (maybe,), (note,), judged=1))
    assert session.outcome is Outcome.HEALTHY
    assert session.first_cause == "place-id-suspicious"


def test_an_input_that_nothing_recognises_is_inconclusive() -> None:
    session = looked_at("well, it does not work and I don't know why")
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.first_cause == "input-unrecognised"
    assert "a HAR file" in session.verdicts[0].summary


def test_faults_of_every_layer_are_told_at_once() -> None:
    faults = tuple(
        Fault(cause, Certainty.CONFIRMED, "Seen.")
        for cause in ("idempotency-key-missing", "body-content-type", "auth-header-missing")
    )
    session = session_of("x", Inspection(InputKind.CURL, "A command.", faults))
    assert [verdict.cause for verdict in session.verdicts] == [
        "auth-header-missing", "body-content-type", "idempotency-key-missing",
    ]  # fmt: skip


def test_what_was_pasted_counts_in_the_check_that_follows_and_not_in_the_proof() -> None:
    session = faulty("Authorization: Token", "Token")
    check = Run(id="run-2", purpose="check", started_at=session.started_at)
    checked = replace(session, runs=(*session.runs, check))
    assert fault_of(session) in checked.latest()
    verify = Run(id="run-3", purpose="verify", started_at=session.started_at)
    assert replace(checked, runs=(*checked.runs, verify)).latest() == ()


def test_the_corrected_version_is_for_the_person_and_not_for_the_record() -> None:
    correction = Correction(f'{{"title": "Private party", "k": "{KEY}"}}', "json", ("Added a.",))
    secrets = (Secret(KEY, source="pasted"),)
    inspection = Inspection(InputKind.PAYLOAD, "A body.", correction=correction, secrets=secrets)
    session = session_of("x", inspection)
    assert session.inputs[0].corrected == '{"title": "Private party", "k": "[key-1]"}'
    kept = without_pasted(session)
    assert b"Private party" not in encode(kept)
    assert kept.inputs[0].changes == ("Added a.",)
    assert decode(encode(session)) == session


@pytest.mark.parametrize(
    "value", [KEY, f"Bearer {KEY}", f"PINNED_EVENTS_API_KEY={KEY}", f'"{KEY}"\n', f"{KEY}\u200b"]
)
def test_a_pasted_key_is_shown_by_its_build_alone(value: str) -> None:
    session = looked_at(value)
    assert session.inputs[0].kind == "key"
    assert find_leaks(encode(session), [Secret(KEY, source="test")]) == ()
    for piece in (KEY[:6], KEY[-6:]):
        assert piece not in encode(session).decode()


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read(data: bytes) -> None:
    pasted = read_input(data)
    assert pasted.size == len(data)
    pasted.text.encode("utf-8")


@given(st.text(), st.integers(0, 400))
def test_the_places_of_lines_agree_with_the_text(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = Lines(text).place(offset)
    before = text[:offset].split("\n")
    assert (line, column) == (len(before), len(before[-1]) + 1)
    assert Lines(text).line(line) == text.split("\n")[line - 1].rstrip("\r")
