"""Brackets of an example that were left around a real key are named, and the key is not shown."""

from datetime import UTC, datetime

import pytest

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.key import inspect_key
from pinned_tui.inspect.model import InspectionContext, read_text
from pinned_tui.session import Certainty

KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
URL = "https://pinned.events/api/public/v1/channels"
LOOKING = InspectionContext(now=datetime(2026, 11, 28, 12, tzinfo=UTC))

BRACKETS = {
    "<{}>": "angle brackets, < and >",
    "<<{}>>": "double angle brackets, << and >>",
    "{{{}}}": "braces, { and }",
    "{{{{{}}}}}": "double braces, {{ and }}",
    "[{}]": "square brackets, [ and ]",
    "${{{}}}": "a dollar sign and braces, ${ and }",
    "#{{{}}}": "a number sign and braces, #{ and }",
    "({})": "parentheses, ( and )",
    "%{}%": "percent signs",
    "«{}»": "angle quotes, « and »",
    "${}": "a dollar sign",
    "__{}__": "double underscores",
}


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("written", BRACKETS)
def test_a_key_in_brackets_is_quoted_and_not_shown(written: str, quote: str) -> None:
    text = f"curl {URL} -H {quote}Authorization: Bearer {written.format(KEY)}{quote}"
    inspection = look(read_text(text), LOOKING)
    first = inspection.faults[0]
    assert first.cause == "key-quoted"
    assert first.certainty is Certainty.CONFIRMED
    assert BRACKETS[written] in first.detail
    assert KEY in [secret.reveal() for secret in inspection.secrets]
    assert inspection.correction is not None
    assert KEY not in inspection.correction.text
    assert "PINNED_EVENTS_API_KEY" in inspection.correction.text
    assert written.format("") not in inspection.correction.text or written == "${}"


@pytest.mark.parametrize("written", BRACKETS)
def test_a_pasted_key_in_brackets_is_quoted(written: str) -> None:
    faults = inspect_key(written.format(KEY))
    assert faults[0].cause == "key-quoted"
    assert BRACKETS[written] in faults[0].detail
    assert not any(fault.cause == "key-placeholder" for fault in faults)


@pytest.mark.parametrize("written", [f"<{KEY}", f"{KEY}>", f"[{KEY}"])
def test_one_bracket_is_enough_for_a_likely_one(written: str) -> None:
    (fault,) = inspect_key(written)
    assert (fault.cause, fault.certainty) == ("key-quoted", Certainty.LIKELY)
    assert "only one of" in fault.detail


@pytest.mark.parametrize(
    "written",
    ["<your key>", "{{api_key}}", "${PINNED_EVENTS_API_KEY}", "$KEY2", "%API_KEY%", "[key]"],
)  # fmt: skip
def test_a_name_in_brackets_is_still_a_placeholder(written: str) -> None:
    assert inspect_key(written)[0].cause == "key-placeholder"


@pytest.mark.parametrize(
    "key", ["https://pinned.events", "authentication", "application/json", "2026-11-28T10:00:00Z"]
)
def test_what_everybody_knows_is_of_the_wrong_kind(key: str) -> None:
    assert inspect_key(key)[0].cause == "key-wrong-kind"
