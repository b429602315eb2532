"""Whether program code is read into the requests that it makes, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.formats import client_code
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import read_text

_URL = "https://pinned.events/api/public/v1/channels"


def _requests(code: str) -> list[HttpRequest]:
    entries = client_code.read(Source(read_text(code))).entries
    return [entry.request for entry in entries if entry.request is not None]


@pytest.mark.parametrize(
    "code",
    [
        f"fetch('{_URL}', {{headers: {{'X-Api-Key': key}}}})",
        f"import requests\nrequests.get('{_URL}', headers={{'X-Api-Key': key}})",
        f'req, _ := http.NewRequest("GET", "{_URL}", nil)\nreq.Header.Set("X-Api-Key", key)',
    ],
)
def test_a_header_from_a_variable_is_filled(code: str) -> None:
    (request,) = _requests(code)
    assert request.url == _URL
    assert request.method == "GET"
    header = request.header("X-Api-Key")
    assert header is not None
    assert header.is_filled


def test_options_from_elsewhere_leave_a_request_open() -> None:
    (request,) = _requests(f"fetch('{_URL}', options)")
    assert request.open_ended
    assert request.method is None


def test_a_call_of_another_host_is_no_claim() -> None:
    assert client_code.claim(Source(read_text("fetch('https://example.org/events')"))) == 0


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "fetch(",
                    "requests.get(",
                    "curl_init(",
                    "a",
                    "=",
                    "a.b",
                    "{",
                    "}",
                    "(",
                    ")",
                    "[",
                ),
                *("]", ",", ":", "'", '"', "`", "${", "\n", "+", ".", "->", "=>", "..."),
                *("new ", "12", "x: ", "JSON.stringify(", "headers", "\\", "f'{", _URL),
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_any_code_is_survived(code: str) -> None:
    source = Source(read_text(code))
    assert 0 <= client_code.claim(source) <= 1
    client_code.read(source)
