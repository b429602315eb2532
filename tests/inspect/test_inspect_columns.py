"""Logs that declare their columns: a row has values where the line ahead has names."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.logs.columns import Columns
from pinned_tui.inspect.logs.fields import Names
from pinned_tui.inspect.model import InspectionContext, read_text
from tests.corpus.judging import session_of
from tests.corpus.reading import NOW

NAMES = ("time", "method", "url", "status", "retry_after", "idempotency_key")
URL = "https://pinned.events/api/public/v1/events"


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
def test_a_row_is_read_by_the_names_of_its_columns(separator: str) -> None:
    columns = Columns.declared_by(separator.join(NAMES), Names())
    assert columns is not None
    row = separator.join(("2026-11-28T09:00:00Z", "POST", URL, "429", "30", ""))
    assert columns.record(row) == {
        "time": "2026-11-28T09:00:00Z",
        "method": "POST",
        "url": URL,
        "status": "429",
        "retry_after": "30",
    }
    assert columns.record("something else") is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "time,method",
        "2026-11-28 09:00:00,123 INFO url, status, and more",
        '{"time": 1, "url": "x", "status": 200}',
        "name,street,city,country",
    ],
)
def test_a_line_like_any_other_declares_nothing(line: str) -> None:
    assert Columns.declared_by(line, Names()) is None


@given(st.lists(st.text(st.characters(blacklist_characters="\r\n\x00"), max_size=20), min_size=6,
                max_size=6))  # fmt: skip
def test_what_a_spreadsheet_wrote_is_read_back(cells: list[str]) -> None:
    columns = Columns(NAMES, ",")
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    told = {name: cell for name, cell in zip(NAMES, cells, strict=True) if cell.strip()}
    assert columns.record(written.getvalue()) == told


@given(st.permutations(range(6)), st.sampled_from([",", "\t", ";"]))
def test_the_order_of_the_columns_changes_no_verdict(order: list[int], separator: str) -> None:
    rows = [
        NAMES,
        *((f"2026-11-28T09:00:0{n}Z", "POST", URL, "429", "30", "a-1") for n in range(3)),
    ]
    text = "\n".join(separator.join(row[place] for place in order) for row in rows)
    pasted = read_text(text)
    session = session_of(pasted, look(pasted, InspectionContext(now=NOW)))
    assert session.first_cause == "rate-retry-after-ignored"
