"""Idempotency as documented: replay, conflict, and both windows on a clock that is moved."""

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.sandbox.limits import canonical, whole_numbers
from tests.sandbox.sandbox_support import Api, error_of, fault_of, good_event

KEY = "cms-post-123-create"


def test_the_same_key_and_payload_replays_the_success(api: Api) -> None:
    first = api.create(good_event(), idempotency_key=KEY)
    again = api.create(good_event(), idempotency_key=KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    state = api.sandbox.state
    assert (len(state.created), state.counts.replays) == (1, 1)


def test_a_payload_of_equal_meaning_is_the_same_payload(api: Api) -> None:
    first = api.create(good_event(), idempotency_key=KEY)
    rewritten = dict(reversed(good_event(channelId=101.0).items()))
    headers = api.headers | {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    content = json.dumps(rewritten, indent=4)
    again = api.send("POST", "/events", headers=headers, content=content)
    assert again.content == first.content


def test_the_same_key_with_another_payload_is_a_conflict(api: Api) -> None:
    api.create(good_event(), idempotency_key=KEY)
    answer = api.create(good_event(title="Changed"), idempotency_key=KEY)
    assert (answer.status_code, error_of(answer)["code"]) == (409, "conflict")
    assert error_of(answer)["details"]["field"] == "Idempotency-Key"
    assert len(api.sandbox.state.created) == 1


def test_another_key_creates_again(api: Api) -> None:
    answers = [api.create(good_event(), idempotency_key=key) for key in ("a", "b", None, None)]
    ids = {answer.json()["doc"]["id"] for answer in answers}
    assert len(ids) == 4


def test_a_success_is_kept_for_fifteen_minutes_and_no_longer(api: Api) -> None:
    first = api.create(good_event(), idempotency_key=KEY).json()["doc"]["id"]
    api.sandbox.clock.advance(15 * 60 - 1)
    assert api.create(good_event(), idempotency_key=KEY).json()["doc"]["id"] == first
    api.sandbox.clock.advance(1)
    assert api.create(good_event(), idempotency_key=KEY).json()["doc"]["id"] != first


def test_a_replay_does_not_prolong_the_window(api: Api) -> None:
    first = api.create(good_event(), idempotency_key=KEY).json()["doc"]["id"]
    for _ in range(3):
        api.sandbox.clock.advance(5 * 60)
        last = api.create(good_event(), idempotency_key=KEY).json()["doc"]["id"]
    assert last != first


def test_a_failed_create_leaves_its_key_free(api: Api) -> None:
    assert api.create(good_event(title=""), idempotency_key=KEY).status_code == 400
    assert api.create(good_event(channelId=204), idempotency_key=KEY).status_code == 403
    assert api.create(good_event(), idempotency_key=KEY).status_code == 201


def test_owners_do_not_share_keys(api: Api) -> None:
    api.create(good_event(), idempotency_key=KEY)
    other = api.of_key("key-4").create(good_event(channelId=204), idempotency_key=KEY)
    assert other.status_code == 201


def test_keys_of_one_owner_share_them(api: Api) -> None:
    first = api.create(good_event(), idempotency_key=KEY)
    replaced = api.allow("events:create").create(good_event(), idempotency_key=KEY)
    assert replaced.content == first.content


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "schlüssel"])
def test_a_malformed_key_is_named(api: Api, key: str) -> None:
    raw = [(b"idempotency-key", key.encode("latin-1"))]
    raw += [(name.encode(), value.encode()) for name, value in api.headers.items()]
    url = f"{api.sandbox.base_url}/api/public/v1/events"
    answer = api.http.post(url, headers=raw, json=good_event())
    assert fault_of(answer)[0] == "Idempotency-Key"


def test_an_answer_that_got_lost_is_replayed(api: Api) -> None:
    """The create succeeds, its answer is a 500: the retry must not create again."""
    api.control("POST", "errors", json={"requests": 1, "when": "after"})
    lost = api.create(good_event(), idempotency_key=KEY)
    assert (lost.status_code, error_of(lost)["code"]) == (500, "internal_error")
    retried = api.create(good_event(), idempotency_key=KEY)
    created = api.sandbox.state.created
    assert [change.id for change in created] == [retried.json()["doc"]["id"]]


class Background:
    """Sends a create in a thread of its own, and waits until the server works on it."""

    def __init__(self, api: Api, send: Callable[[], httpx.Response]) -> None:
        before = api.sandbox.state.counts.in_progress
        self._answers: list[httpx.Response] = []
        self._thread = threading.Thread(target=lambda: self._answers.append(send()))
        self._thread.start()
        while api.sandbox.state.counts.in_progress == before and self._thread.is_alive():
            pass

    def answer(self) -> httpx.Response:
        self._thread.join()
        return self._answers[0]


@pytest.fixture
def held(api: Api) -> Background:
    """A create that stays in progress until the latency is changed."""
    api.sandbox.latency_ms = 600_000
    return Background(api, lambda: api.create(good_event(), idempotency_key=KEY))


def test_of_two_creates_in_progress_one_creates_and_one_is_a_conflict(
    api: Api, held: Background
) -> None:
    second = api.create(good_event(), idempotency_key=KEY)
    assert (second.status_code, error_of(second)["code"]) == (409, "conflict")
    assert "in progress" in error_of(second)["details"]["issue"]
    api.sandbox.latency_ms = 0
    first = held.answer()
    assert first.status_code == 201
    assert api.create(good_event(), idempotency_key=KEY).content == first.content
    assert len(api.sandbox.state.created) == 1


def test_another_payload_in_progress_is_a_conflict_of_payloads(api: Api, held: Background) -> None:
    answer = api.create(good_event(title="Changed"), idempotency_key=KEY)
    assert "different payload" in error_of(answer)["details"]["issue"]
    api.sandbox.latency_ms = 0
    assert held.answer().status_code == 201


def test_a_create_in_progress_holds_its_key_for_45_seconds_and_no_longer(
    api: Api, held: Background
) -> None:
    api.sandbox.clock.advance(44)
    assert api.create(good_event(), idempotency_key=KEY).status_code == 409
    api.sandbox.clock.advance(1)
    second = Background(api, lambda: api.create(good_event(), idempotency_key=KEY))
    api.sandbox.latency_ms = 0
    ids = {held.answer().json()["doc"]["id"], second.answer().json()["doc"]["id"]}
    assert ids == {change.id for change in api.sandbox.state.created}
    assert len(ids) == 2


# The canonical form

numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, values, max_size=4)


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(item) for key, item in reversed(value.items())}
    return [_shuffled(item) for item in value] if isinstance(value, list) else value


@given(objects)
def test_the_order_of_names_does_not_count(value: dict[str, Any]) -> None:
    assert canonical(whole_numbers(value)) == canonical(whole_numbers(_shuffled(value)))


@given(objects, texts, values)
def test_any_other_value_counts(value: dict[str, Any], name: str, item: Any) -> None:
    whole, changed = whole_numbers(value), whole_numbers(value | {name: item})
    assert (canonical(whole) == canonical(changed)) is (_typed(whole) == _typed(changed))


def _typed(value: Any) -> Any:
    """Return ``value`` in a form in which True is not 1."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return (type(value), value)
