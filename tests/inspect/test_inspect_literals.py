"""What the forms of errors can't do without is searched for first; it must be in all they match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect import header_errors, network_errors
from pinned_tui.inspect.literals import literal_of

FORMS = sorted(
    {form for _, forms in network_errors._forms() for form in forms}
    | {pattern.pattern for _, pattern in header_errors._patterns()}
)


@pytest.mark.parametrize(
    ("form", "literal"),
    [
        ("Connection refused", "connection refused"),
        (r"curl: \(35\)", "curl: (35)"),
        (r"\bE(?:SOCKET)?TIMEDOUT\b", "timedout"),
        ("colou?red", "colo"),
        (r"self[- ]signed x", "signed x"),
        ("timeouts{0,2} after", "timeout"),
        ("first text|second", ""),
        (r"(?:Expired|Other)\b", ""),
        (r"[]abcdef]gh", ""),
        (r"gone+by far", "by far"),
        (r"a\d\w\s", ""),
    ],
)
def test_the_longest_text_that_is_always_there(form: str, literal: str) -> None:
    assert literal_of(form) == literal


@given(st.data())
@pytest.mark.parametrize("form", FORMS)
def test_it_is_in_all_that_a_form_matches(form: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(form, re.IGNORECASE | re.ASCII)))
    assert literal_of(form) in text.lower()


def test_hardly_a_form_does_without() -> None:
    assert sum(not literal_of(form) for form in FORMS) <= 5
