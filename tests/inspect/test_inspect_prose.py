"""What clients, runtimes and browsers print about requests: headers in any notation, refusals.

The texts are in ``prose.toml``.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.described import inspect_headers
from pinned_tui.inspect.header_errors import header_fault
from pinned_tui.inspect.headers_in_text import headers_in
from pinned_tui.session import Outcome, encode
from tests.inspect.outcomes import causes, concluded, outcome

API = "https://pinned.events/api/public/v1"
KEY = "pe_live_Qw8nRz3Kt6Vx1LpYb5HcJd9M"
REFUSED = '{"error":{"code":"invalid_api_key","message":"x"}}'
SCOPE = REFUSED.replace("invalid_api_key", "insufficient_scope")
_TEXTS = (Path(__file__).parent / "prose.toml").read_text("utf-8")
PROSE: dict[str, Any] = tomllib.loads(_TEXTS.replace("%API%", API).replace("%KEY%", KEY))

# ---- headers in any notation --------------------------------------------------------------------


@pytest.mark.parametrize(("cause", "shown"), PROSE["shown"].values(), ids=PROSE["shown"])
@pytest.mark.parametrize(
    "text",
    [
        "GET {api}/channels -> 401 {refused}\n{shown}\n",
        "{shown}\nGET {api}/channels: 401 Unauthorized",
    ],
    ids=["behind the address", "before it"],
)
def test_the_header_explains_the_401(text: str, shown: str, cause: str) -> None:
    text = text.format(api=API, refused=REFUSED, shown=shown)
    _, session = concluded(text)
    assert session.first_cause == cause
    assert "key-rejected" not in causes(text)
    assert KEY[8:] not in encode(session).decode()


@pytest.mark.parametrize("shown", PROSE["sound"].values(), ids=PROSE["sound"])
def test_what_is_no_wrong_header_leaves_the_401_alone(shown: str) -> None:
    assert inspect_headers(f"GET {API}/channels\n{shown}\n").faults == []
    assert causes(f"GET {API}/channels -> 401 {REFUSED}\n{shown}\n") == ["key-rejected"]


def test_a_header_for_another_service_is_none_of_ours() -> None:
    text = f"GET {API}/channels -> 403 {SCOPE}" + "\n" * 30
    text += "POST https://mail.example.org/send { headers: { Authorization: 'Bearer null' } }"
    assert causes(text) == ["scope-missing"]


def test_each_request_has_its_own_headers() -> None:
    text = f"--> {API}/channels {{'Authorization': 'Bearer {KEY}'}} 200\n" + "\n" * 20
    text += f"--> {API}/events {{'Authorization': 'Bearer None'}} 401 Unauthorized\n"
    assert "key-placeholder" in causes(text)
    assert "auth-two-headers" not in causes(text)


def test_json_values_are_read_as_headers_of_their_request() -> None:
    config = {"url": f"{API}/events", "headers": {"Authorization": "Bearer undefined"}}
    dump = {"config": config, "message": "Request failed with status code 401", "status": 401}
    assert causes(json.dumps(dump))[:1] == ["key-placeholder"]
    assert causes(json.dumps(dump, indent=2))[:1] == ["key-placeholder"]


# ---- clients that refuse a header ---------------------------------------------------------------


@pytest.mark.parametrize(("cause", "error"), PROSE["refused"]["errors"])
def test_a_client_that_refuses_the_header_says_what_is_in_the_key(error: str, cause: str) -> None:
    _, session = concluded(f"push failed\n{error}\n    at push (sync.x:44)\n")
    assert session.first_cause == cause
    assert session.outcome is Outcome.PROBLEM
    assert KEY[8:] not in encode(session).decode()


@pytest.mark.parametrize("error", PROSE["refused"]["of-others"])
def test_other_headers_and_values_are_no_fault_of_the_key(error: str) -> None:
    assert header_fault(error) is None
    assert not any(cause.startswith("key-") for cause in causes(f"{error}\n{API}/events"))


# ---- what never came back -----------------------------------------------------------------------


@pytest.mark.parametrize(("cause", "text"), PROSE["lost"].values(), ids=PROSE["lost"])
def test_what_never_came_back_is_inconclusive_with_its_layer(text: str, cause: str) -> None:
    assert causes(text)[:1] == [cause]
    assert outcome(text) is Outcome.INCONCLUSIVE


def test_a_page_of_an_edge_is_inconclusive_and_an_error_of_the_key_is_not() -> None:
    page = "<!DOCTYPE html><title>pinned.events | 502: Bad gateway</title><h1>Error code 502</h1>"
    assert outcome(page + "Cloudflare Ray ID: 8e9c") is Outcome.INCONCLUSIVE
    assert outcome(f"GET {API}/channels: 401 Client Error") is Outcome.PROBLEM


@pytest.mark.parametrize("text", PROSE["browser"]["said"])
def test_a_browser_that_keeps_a_request_back_is_the_cause(text: str) -> None:
    _, session = concluded(text)
    assert session.first_cause == "client-in-browser"
    assert session.outcome is Outcome.PROBLEM


# ---- whole texts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("expected", "first", "text"), PROSE["whole"].values(), ids=PROSE["whole"])
def test_a_whole_text_comes_to_what_it_tells(expected: str, first: list[str], text: str) -> None:
    _, session = concluded(text)
    assert session.outcome == expected
    assert not first or session.first_cause in first
    assert KEY[8:] not in encode(session).decode()


# ---- no input is too odd ------------------------------------------------------------------------

_ODD = st.lists(
    st.sampled_from(
        [
            *("Authorization", "x-api-key", "Bearer ", "null", KEY, f"{API}/events "),
            *(":", "=>", "=", "[", "]", "{", "'", '"', "\\", "\n", ",", "b'", "Array ( [0] => "),
            *("Illegal header value ", "send: b'", "\\r\\n", ">> ", "<-- 401", "--> POST /events"),
            *("Request Headers", ":method", '{"http.url":', '"http.status_code":401}'),
        ]
    ),
    max_size=40,
).map("".join)


@given(_ODD)
def test_any_text_is_read_and_keeps_its_key(text: str) -> None:
    _, session = concluded(text)
    assert KEY not in encode(session).decode()
    for one in headers_in(text):
        assert 0 <= one.span.start <= one.span.end <= len(text)
