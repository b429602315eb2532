"""Steps of no-code workflows, whose parts have other names in each tool."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.formats import settings, step_error, step_form, workflow
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.model import InputKind, read_text
from pinned_tui.session import Outcome
from tests.inspect.outcomes import causes, concluded, outcome

KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
URL = "https://pinned.events/api/public/v1/channels"


def step(header: str, value: str, **more: object) -> str:
    """Return an exported n8n workflow with one request."""
    rows = {"parameters": [{"name": header, "value": value}]}
    fields = {"url": URL, "sendHeaders": True, "headerParameters": rows, **more}
    node = {"name": "Channels", "type": "n8n-nodes-base.httpRequest", "parameters": fields}
    return json.dumps({"nodes": [node], "connections": {}})


def test_an_expression_is_filled_in_and_what_only_looks_like_one_is_sent() -> None:
    assert outcome(step("Authorization", "=Bearer {{ $env.KEY }}")) is Outcome.HEALTHY
    assert causes(step("Authorization", "Bearer {{ $env.KEY }}")) == ["key-placeholder"]


def test_a_credential_of_the_tool_is_not_missed() -> None:
    assert causes(step("Accept", "application/json")) == ["auth-header-missing"]
    kept = step("Accept", "application/json", authentication="genericCredentialType")
    assert causes(kept) == []


def test_headers_that_are_switched_off_are_not_sent() -> None:
    assert causes(step("x-api-key", KEY, sendHeaders=False)) == ["auth-header-missing"]


def test_the_key_of_another_service_is_hidden_too() -> None:
    other = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    text = step("Authorization", f"Bearer {other}").replace(URL, "https://api.shop.example/v1")
    inspection, session = concluded(text)
    assert session.outcome is Outcome.INCONCLUSIVE
    assert other in {secret.reveal() for secret in inspection.secrets}


@pytest.mark.parametrize("between", [": ", "\n", "\t"])
def test_a_form_is_read_whether_values_stand_behind_labels_or_below(between: str) -> None:
    header = f"Headers{between}Authorization | {KEY}" if between == ": " else (
        f"Headers\nAuthorization\n{KEY}"
    )  # fmt: skip
    text = f"URL{between}{URL}\nMethod{between}GET\nUnflatten{between}yes\n{header}\n"
    inspection, _ = concluded(text)
    assert inspection.kind is InputKind.WORKFLOW
    assert causes(text) == ["auth-scheme-missing"]


def test_the_response_of_a_failed_step_is_read_however_often_it_was_quoted() -> None:
    error = json.dumps({"error": {"code": "insufficient_scope", "message": "x"}})
    for _ in range(3):
        text = json.dumps({"errorDetails": {"rawErrorMessage": [f"403 - {error}"]}})
        assert causes(text) == ["scope-missing"]
        error = json.dumps(error)


_PARTS = st.sampled_from(
    ["{{", "}}", "={{ $json.x }}", '400 - "', '"{\\"error\\":', "URL: ", "Method\n", "POST", "\n",
     "Headers: a | b", "Data\n{", '"uri":', "@{", "'", '"', "n8nDetails", "https://pinned.events",
     "PINNED_API_KEY=", "\r", "  - ", ": ", "kind: Secret\ndata:\n", "[x]\n", "| a | b |"]
)  # fmt: skip


@given(st.lists(_PARTS, max_size=30).map("".join), st.text(max_size=20))
def test_no_text_fails(text: str, value: str) -> None:
    nested = step("Authorization", value, jsonBody=f"={text}", sendBody=True)
    for each in (text + value, nested):
        source = Source(read_text(each))
        for reader in (workflow, step_error, step_form, settings):
            assert 0 <= reader.claim(source) <= 1
            for entry in reader.read(source).entries:
                assert entry.request is not None or entry.response is not None
