"""Inputs adapted from public bug reports: none of them comes out healthy that is not."""

from tests.field.measuring import measured


def test_nothing_of_the_field_is_falsely_healthy() -> None:
    assert [row.file for row in measured() if row.falsely_healthy] == []


def test_the_field_is_told_as_well_as_it_was() -> None:
    rows = measured()
    assert sum(row.outcome_right for row in rows) >= 42
    assert sum(row.outcome_right and row.cause_right for row in rows) >= 29
