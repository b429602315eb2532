"""What a response says of the rate, of further pages, and of a network that wants a login."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pinned_tui.api_spec.errors import read_list
from pinned_tui.api_spec.rate_limit import read_rate_limit, requests_left
from pinned_tui.api_spec.response_origin import PORTAL, identify

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "7"}, 7),
        ({"ratelimit": '"minute";r=3;t=5, "day";r=90;t=800'}, 3),
        ({"ratelimit": "limit=10, remaining=4, reset=5"}, 4),
        ({"x-ratelimit-remaining": "2", "ratelimit": "remaining=4"}, 2),
        ({"x-ratelimit-reset": "1"}, None),
    ],
)
def test_the_tightest_limit_says_how_many_requests_are_left(
    fields: dict[str, str], left: int | None
) -> None:
    assert requests_left(fields) == left


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("ratelimit", '"minute";r=3;t=5, "day";r=90;t=800', 5),
        ("ratelimit", "limit=10, remaining=4, reset=9", 9),
        ("x-ratelimit-reset", "30", 30),
        ("x-ratelimit-reset", str(int(NOW.timestamp()) + 40), 40),
    ],
)
def test_the_window_ends_when_the_first_limit_says(name: str, value: str, seconds: int) -> None:
    found = read_rate_limit({name: value}, received_at=NOW, limited=True)
    assert found is not None
    assert found.retry_after_s == seconds


@pytest.mark.parametrize("more", [True, False])
def test_a_list_says_whether_there_is_more(more: bool) -> None:
    document: Any = {"docs": [{"id": "1"}], "limit": 10, "hasNextPage": more}
    found = read_list(document, page=1)
    assert found is not None
    assert found.has_next is more


def test_status_511_is_of_a_network_that_wants_a_login() -> None:
    assert identify(511, {}, None, "Network Authentication Required", None).who == PORTAL
