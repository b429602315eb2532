"""Inputs that are too large to be held: what is about the API is cut out, with the user's places.

A small limit makes any input a large one.
"""

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.core.input_files import pieces_of
from pinned_tui.core.private_files import FileProblem
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    StoppedError,
    read_input,
)
from pinned_tui.inspect.streaming.lines import LONGEST, ROOM, cut_lines
from pinned_tui.inspect.streaming.reading import read_pieces
from pinned_tui.session import Session
from tests.corpus.reading import NOW, Item, items
from tests.inspect.traffic import BODY, URL, entry, error, har, moment, row
from tests.samples import TurnedClock

OTHER = '{"ts": "2026-11-28T10:00:00Z", "level": "info", "msg": "job done"}'


def _in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def _cut(data: bytes | str, size: int = 1 << 20, room: int = ROOM) -> InputText:
    octets = data.encode() if isinstance(data, str) else data
    return read_pieces(_in_pieces(octets, size), "big.log", whole=0, room=room)


def _whole(lines: list[str]) -> InputText:
    return read_input("\n".join(lines).encode())


def _inspect(pasted: InputText) -> tuple[Inspection, Session]:
    inspection = look(pasted, InspectionContext(now=NOW))
    clock = TurnedClock(NOW)
    begun = new_inspection(base_url="https://pinned.events", clock=clock)
    return inspection, inspected(begun, Handed.of(pasted, "big.log"), inspection, clock=clock)


def _places(session: Session) -> list[tuple[object, object]]:
    faults = [one.data for one in session.observations if one.code == "pasted.fault"]
    return [(one.get("line"), one.get("column")) for one in faults]


# ---- the same verdicts as of the whole ---------------------------------------------------------


def _streamed() -> list[Item]:
    return [
        one
        for one in items()
        if one.forced is None
        and look(read_input(one.data), InspectionContext(now=NOW)).kind
        in {InputKind.LOG, InputKind.HAR}
    ]


@pytest.mark.parametrize("item", _streamed(), ids=lambda item: item.name)
def test_a_log_is_judged_alike_however_it_comes(item: Item) -> None:
    whole = look(read_input(item.data), InspectionContext(now=NOW))
    for size in (1, 7, 1000, 1 << 20):
        cut = look(_cut(item.data, size), InspectionContext(now=NOW))
        assert cut.kind == whole.kind
        assert [one.cause for one in cut.faults] == [one.cause for one in whole.faults]


LINES = st.lists(
    st.one_of(
        st.binary(max_size=20).map(lambda data: data.replace(b"\n", b"")),
        st.sampled_from(
            [b"POST https://pinned.events/api/public/v1/events 201", b"GET /events 404", b"", b"\r"]
        ),
    ),
    max_size=60,
)


@example([b"GET /events 404", b"x"], 1)
@given(LINES, st.integers(1, 200))
def test_any_lines_in_any_pieces_are_the_lines_of_the_input(lines: list[bytes], size: int) -> None:
    data = b"\n".join(lines)
    text, excerpt = cut_lines(_in_pieces(data, size))
    assert (text, excerpt) == cut_lines([data])
    expected = data.split(b"\n")
    numbers = []
    for own, line in enumerate(text.split(b"\n") if text else (), start=1):
        numbers.append(excerpt.line(own))
        assert line == expected[numbers[-1] - 1]
    assert numbers == sorted(set(numbers))
    assert excerpt.total == len(expected) - (not expected[-1])
    sure = [at for at, line in enumerate(expected, start=1) if b"pinned.events" in line]
    assert set(sure) <= set(numbers)


# ---- places ------------------------------------------------------------------------------------


def test_a_place_is_the_line_of_the_input() -> None:
    lines = [OTHER] * 5000
    lines[4321] = json.dumps(row(5, 401, response=error("unauthorized")))
    _, session = _inspect(_cut("\n".join(lines)))
    assert _places(session)[0][0] == 4322


@pytest.mark.parametrize("indent", [None, 1])
def test_a_place_in_a_har_file_is_that_of_the_input(indent: int | None) -> None:
    entries = [entry(1, 200, url="https://cdn.example/x") for _ in range(300)]
    entries[200] = entry(2, 400, body={**BODY, "timezone": "CET+1"})
    text = har(*entries, indent=indent)
    _, whole = _inspect(read_input(text.encode()))
    _, cut = _inspect(_cut(text, 1000))
    assert _places(cut) == _places(whole)
    assert _places(cut)


def test_the_first_entry_has_its_place_too() -> None:
    text = har(entry(2, 400, body={**BODY, "timezone": "CET+1"}), indent=None)
    _, whole = _inspect(read_input(text.encode()))
    _, cut = _inspect(_cut(text, 10))
    assert _places(cut) == _places(whole)


def test_entries_may_begin_far_below() -> None:
    log = {"version": "1.2", "pages": [{"id": f"p{number}"} for number in range(20_000)]}
    entries = [entry(2, 400, body={**BODY, "timezone": "CET+1"})]
    text = json.dumps({"log": {**log, "entries": entries}}, indent=1)
    _, whole = _inspect(read_input(text.encode()))
    _, cut = _inspect(_cut(text, 997))
    assert _places(cut) == _places(whole)
    assert _places(cut)


# ---- bounds ------------------------------------------------------------------------------------


def test_what_is_not_read_of_a_large_log_is_said() -> None:
    lines = [json.dumps(row(second, key=f"k-{second}")) for second in range(3000)]
    lines[1500] = json.dumps(row(1500, 401, key="k-1500", response=error("unauthorized")))
    pasted = _cut("\n".join(lines), room=100_000)
    assert len(pasted.text) <= 100_000
    assert pasted.text.startswith(lines[0])
    assert pasted.text.endswith(lines[-1])
    assert lines[1500] in pasted.text
    inspection, _ = _inspect(pasted)
    note = next(one for one in inspection.notes if one.code == "input-excerpt")
    assert "3,000 lines" in note.summary
    assert "unauthorized" not in note.summary


def test_what_is_read_as_a_whole_is_said_to_be_nothing_less() -> None:
    inspection, _ = _inspect(_cut("\n".join([OTHER] * 50 + [json.dumps(row(1))])))
    assert not inspection.notes
    assert "50 lines are about other things" in inspection.summary


def test_a_line_without_end_is_cut() -> None:
    pasted = _cut("x" * (3 * LONGEST) + URL + "\n" + json.dumps(row(1)), 10_000)
    assert len(pasted.text) < 2 * LONGEST
    assert _inspect(pasted)[0].judged == 1


def test_a_log_that_may_be_about_the_api_counts_where_nothing_surely_is() -> None:
    lines = [f'{moment(n)} INFO "POST /events HTTP/1.1" 201' for n in range(5)]
    assert _inspect(_cut("\n".join([OTHER] * 90 + lines)))[0].judged == 5


@pytest.mark.parametrize("between", [3, 30, 3000])
def test_a_response_far_below_its_request_is_found_by_its_trace(between: int) -> None:
    lines = [OTHER] * 20
    lines.append(json.dumps(row(1, None, trace_id="0af7651916cd43dd")))
    lines += [OTHER.replace("done", f"{number} done") for number in range(between)]
    lines.append(json.dumps({"ts": moment(2), "trace_id": "0af7651916cd43dd", "status": 403}))
    whole, cut = (_inspect(one)[0] for one in (_whole(lines), _cut("\n".join(lines), 5000)))
    assert [one.cause for one in cut.faults] == [one.cause for one in whole.faults]
    assert cut.judged == whole.judged == 1


# ---- other kinds -------------------------------------------------------------------------------

NO_LOGS = {
    "an event": json.dumps(BODY),
    "events": json.dumps([BODY] * 30),
    "indented events": json.dumps([BODY] * 30, indent=2),
    "a list of numbers": json.dumps(list(range(9000))),
    "an object of texts": json.dumps({"a": "b" * 9000}),
    "rows of something else": json.dumps({"rows": [{"a": 1}] * 100}),
}


@pytest.mark.parametrize("text", NO_LOGS.values(), ids=NO_LOGS)
def test_a_large_input_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(FileProblem, match="neither a log nor a HAR file"):
        _cut(text)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n\xe2\xe3\xcf\xd3" * 99, b"MZ\0" * 99, b"\x1f\x8b\0"])
def test_a_large_input_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(FileProblem, match="isn't text"):
        _cut(data)


LOGS = {
    "a log of something else": "\n".join([OTHER] * 30),
    "levels in brackets": "[info] started\n" * 30,
    "times in brackets": "[2026-11-28 10:00:00] local.INFO: started\n" * 30,
    "an old encoding": "2026-11-28 10:00:00 INFO fertig für heute\n" * 30,
    "records of the Elastic Common Schema": '{"log": {"level": "info"}, "message": "x"}\n' * 30,
}


@pytest.mark.parametrize("text", LOGS.values(), ids=LOGS)
def test_a_large_log_about_something_else_is_no_file_problem(text: str) -> None:
    inspection, session = _inspect(_cut(text.encode("latin-1"), 100))
    assert inspection.kind is InputKind.LOG
    assert not inspection.judged
    assert session.outcome is not None
    assert session.outcome.value == "inconclusive"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_large_log_of_powershell_is_read(encoding: str) -> None:
    text = "\r\n".join([OTHER] * 50 + [json.dumps(row(1, 401, response=error("unauthorized")))])
    assert _inspect(_cut(text.encode(encoding), 33))[0].faults[0].cause == "key-rejected"


# ---- on the way --------------------------------------------------------------------------------


def test_it_is_told_how_much_was_read_and_can_be_stopped() -> None:
    heard: list[int] = []

    def hear(octets: int) -> None:
        heard.append(octets)
        if octets >= 500:
            raise StoppedError

    stream = io.BytesIO(b"x" * 1000)
    with pytest.raises(StoppedError):
        read_pieces(iter(lambda: stream.read(100), b""), "it", hear, whole=0)
    assert heard == [100, 200, 300, 400, 500]
    assert stream.tell() == 500


def test_a_stream_is_read_as_it_comes() -> None:
    assert b"".join(pieces_of(io.BytesIO(b"x" * 700_000))) == b"x" * 700_000
