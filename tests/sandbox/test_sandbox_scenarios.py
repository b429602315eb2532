"""Every scenario as it is before and after its fix, as a client sees it, and the data's rules."""

import json
import random
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pinned_tui.sandbox import scenarios
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.builder import build_world
from pinned_tui.sandbox.scenarios import (
    ScenarioDataError,
    UnknownScenarioError,
    base,
    load_scenario,
    scenario_names,
)
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.sandbox.stage import cards
from tests.sandbox.sandbox_support import NOWHERE, Api, error_of, fault_of

SECTIONS = {
    "unauthorized",
    "forbidden",
    "missing-scope",
    "wrong-channel",
    "validation",
    "duplicates",
    "rate-limits",
    "lost-secret",
    "not-visible",
}


def enter(sandbox: Sandbox, http: httpx.Client, name: str) -> Api:
    secret = sandbox.enter(name).secret
    return Api(sandbox, http, None if secret is None else secret.reveal())


def mended(api: Api) -> Api:
    """Fix the scenario, and speak with the key that is in hand then."""
    secret = api.sandbox.fix().situation.secret
    assert secret is not None
    return Api(api.sandbox, api.http, secret.reveal())


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, error_of(answer)["code"]


def test_all_scenarios_of_the_contract_are_there() -> None:
    assert scenario_names() == (
        "healthy",
        "revoked-key",
        "missing-scope",
        "wrong-channel",
        "validation-error",
        "duplicate-events",
        "rate-limited",
        "lost-secret",
        "draft-event",
        "moderation-pending",
        "server-error",
        "unreachable",
    )


def test_healthy(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "healthy")
    situation = running.situation
    channels = {doc["id"] for doc in api.get("/channels").json()["docs"]}
    assert int(situation.channel or 0) in channels
    assert len(channels) == 2
    events = api.get("/events?limit=100").json()["docs"]
    shown = [(event["status"], event["moderationStatus"]) for event in events]
    assert set(shown) == {("published", "approved")}
    assert {event["channelId"] for event in events} == channels
    assert all(event["coverImage"] and event["endAt"] > event["startAt"] for event in events)
    before = running.state
    running.fix()
    assert running.state.channels == before.channels
    assert running.state.keys == before.keys


def test_revoked_key(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "revoked-key")
    assert code_of(api.get("/channels")) == (401, "invalid_api_key")
    after = mended(api)
    assert after.secret != api.secret
    assert after.get("/channels").is_success
    assert api.get("/channels").status_code == 401


def test_missing_scope(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "missing-scope")
    assert running.situation.needs == ("events:read",)
    assert api.get("/channels").is_success
    assert code_of(api.get("/events")) == (403, "insufficient_scope")
    after = mended(api)
    assert after.secret == api.secret
    assert after.get("/events").is_success
    assert after.send("PATCH", "/events/5001", json={}).status_code == 403


def test_wrong_channel(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "wrong-channel")
    assert running.situation.channel == "204"
    docs = api.get("/channels?limit=100").json()["docs"]
    assert 204 not in {doc["id"] for doc in docs}
    assert 204 in {channel.id for channel in running.state.channels}
    docs = mended(api).get("/channels?limit=100").json()["docs"]
    assert 204 in {doc["id"] for doc in docs}


def test_validation_error(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "validation-error")
    payload = running.situation.payload
    assert payload is not None
    assert running.situation.payload_name == "spring-recital.json"
    body = json.loads(payload)
    probe = body | {"channelId": NOWHERE}
    assert fault_of(api.create(body))[0] == "coverImage"
    assert fault_of(api.create(probe))[0] == "coverImage"
    after = mended(api)
    assert code_of(after.create(probe)) == (403, "forbidden")
    assert not running.state.created
    assert after.create(body).status_code == 201


def test_the_payload_is_right_but_for_the_cover(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "validation-error")
    body = json.loads(running.situation.payload or b"")
    assert api.create(body | {"coverImage": 7001}).status_code == 201
    start = datetime.fromisoformat(body["startAt"])
    assert start > running.clock.now()
    assert start.utcoffset() == timedelta(hours=2)
    assert api.control("GET", "payload").content == running.situation.payload


def test_duplicate_events(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "duplicate-events")

    def groups() -> list[list[datetime]]:
        """Return when the events alike in title, start and channel were made, by group."""
        found: dict[tuple[str, str, int], list[datetime]] = {}
        for doc in api.get("/events?limit=100").json()["docs"]:
            title = " ".join(doc["title"].casefold().split())
            made = datetime.fromisoformat(doc["createdAt"])
            found.setdefault((title, doc["startAt"], doc["channelId"]), []).append(made)
        return sorted((sorted(made) for made in found.values() if len(made) > 1), key=len)

    pair, triple = groups()
    assert (len(pair), len(triple)) == (2, 3)
    window = timedelta(minutes=15)
    assert pair[1] - pair[0] < window
    assert triple[1] - triple[0] > window
    before = api.get("/events").json()["totalDocs"]
    api = mended(api)
    assert groups() == []
    assert api.get("/events").json()["totalDocs"] == before - 3


def test_rate_limited(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "rate-limited")
    running.clock.advance(3600)
    first = api.get("/channels")
    assert code_of(first) == (429, "rate_limited")
    assert first.headers["retry-after"] == "20"
    assert first.headers["x-ratelimit-remaining"] == "0"
    running.clock.advance(15)
    assert api.get("/channels").headers["retry-after"] == "5"
    running.clock.advance(5)
    assert api.get("/channels").is_success


@pytest.mark.parametrize("asked_before", [True, False])
def test_rate_limited_is_over_after_the_fix(
    running: Sandbox, http: httpx.Client, asked_before: bool
) -> None:
    api = enter(running, http, "rate-limited")
    if asked_before:
        api.get("/channels")
    assert mended(api).get("/channels").is_success
    assert running.state.clock_ahead_s == 20


def test_lost_secret(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "lost-secret")
    assert api.secret is None
    old = Api(running, http, running.old_secret().reveal())
    assert old.get("/channels").is_success
    new = Api(running, http, running.create_key().reveal())
    assert running.situation.secret is not None
    assert running.situation.secret.reveal() == new.secret
    assert new.get("/channels").is_success
    assert old.get("/channels").is_success
    running.revoke_old_key()
    assert code_of(old.get("/channels")) == (401, "invalid_api_key")
    assert new.get("/channels").is_success


def test_a_lost_secret_is_mended_by_one_replacement(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "lost-secret")
    created = running.create_key()
    after = mended(api)
    assert after.secret == created.reveal()
    old, *others = [key for key in running.state.keys if key.name.startswith("Website")]
    assert [key.scopes for key in others] == [old.scopes]
    assert [key.owner for key in others] == [old.owner]


def test_draft_event(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "draft-event")
    path = f"/events/{running.situation.event}"
    assert api.get(path).json()["doc"]["status"] == "draft"
    running.clock.advance(60)
    doc = mended(api).get(path).json()["doc"]
    assert doc["status"] == "published"
    assert doc["updatedAt"] > doc["createdAt"]


def test_moderation_pending(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "moderation-pending")
    path = f"/events/{running.situation.event}"
    doc = api.get(path).json()["doc"]
    assert (doc["status"], doc["moderationStatus"]) == ("published", "pending")
    assert mended(api).get(path).json()["doc"]["moderationStatus"] == "approved"


def test_server_error(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "server-error")
    calls = [
        api.get("/channels"),
        api.get("/channels", headers={}),
        api.get("/events/5001"),
        api.create({}),
        api.send("POST", "/media"),
    ]
    assert {code_of(answer) for answer in calls} == {(500, "internal_error")}
    assert len({error_of(answer)["requestId"] for answer in calls}) == len(calls)
    assert mended(api).get("/channels").is_success


def test_unreachable(running: Sandbox, http: httpx.Client) -> None:
    api = enter(running, http, "healthy")
    before = running.base_url
    assert api.get("/channels").is_success
    api = enter(running, http, "unreachable")
    for _ in range(2):
        with pytest.raises(httpx.ConnectError, match="refused"):
            api.get("/channels")
    assert running.base_url == before
    assert mended(api).get("/channels").is_success
    assert running.base_url == before


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_begins_anew_each_time(running: Sandbox, name: str) -> None:
    first = running.enter(name)
    before = running.state
    mending = running.fix()
    assert running.fix() == mending
    running.clock.advance(100)
    running.create_key()
    again = running.enter(name)
    assert running.state == before
    assert again == first


@pytest.mark.parametrize("name", scenario_names())
def test_what_a_scenario_hands_out_fits_it(running: Sandbox, name: str) -> None:
    situation, expected = running.enter(name), running.expected
    assert situation.card.name == name
    assert situation.card.section in SECTIONS
    assert situation.base_url == running.base_url
    assert (situation.secret is None) is (expected.cause == "key-missing")
    if expected.subject is not None:
        subjects = {situation.channel, situation.event, *situation.needs, "coverImage"}
        assert expected.subject in subjects
    assert (expected.exit_code == 0) is (expected.cause == "healthy")
    good = "healthy" if situation.event is None else "event-visible-by-api"
    assert (expected.after_fix, expected.after_fix_exit_code) == (good, 0)


@pytest.mark.parametrize("name", scenario_names())
def test_the_words_are_plain(name: str) -> None:
    scenario = load_scenario(name)
    for text in (scenario.story, scenario.fix.done):
        assert text.endswith(".")
        assert "!" not in text
        assert "\n" not in text
    assert len(re.findall(r"[.]( |$)", scenario.story)) == 2
    assert not scenario.title.endswith(".")


def test_each_section_has_one_situation_and_not_sure_has_one() -> None:
    loaded = [load_scenario(name) for name in scenario_names()]
    leads = [section for scenario in loaded for section in scenario.leads]
    assert sorted(leads) == sorted(SECTIONS)
    assert sum(scenario.not_sure for scenario in loaded) == 1
    assert [card.name for card in cards()] == list(scenario_names())


class At:
    """A clock that shows one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def monotonic(self) -> float:
        return 0.0


def test_events_lie_ahead_whenever_the_sandbox_starts() -> None:
    """Summer or winter time, near midnight or on a leap day: the wall time is the same."""
    secrets = {key.id: key.id for key in base().keys}
    for start in (
        datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
        datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
        datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ):
        for name in scenario_names():
            world = build_world(
                base(),
                load_scenario(name),
                secrets,
                clock=At(start),
                rng=random.Random(1),
                behaviour=Behaviour(),
            )
            for event in world.events.values():
                begin = datetime.fromisoformat(event.start_at)
                assert begin > start + timedelta(days=7)
                assert datetime.fromisoformat(event.created_at) < start
                assert begin.strftime("%H:%M") in {
                    "11:00",
                    "16:00",
                    "18:30",
                    "19:00",
                    "20:30",
                    "21:00",
                    "21:15",
                }


def test_an_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(UnknownScenarioError, match=r"“Mising-scope”.*'missing-scope'"):
        Sandbox("Mising-scope")
    with pytest.raises(UnknownScenarioError, match=r"“zzz”.*healthy, revoked-key, "):
        load_scenario("zzz")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = ", "broken.toml: .*Invalid value"),
        ('title = "x"', "broken.toml: .*story"),
        ('title = "x"\nstry = "y"', "broken.toml: .*stry"),
    ],
)
def test_a_wrong_data_file_is_named(
    monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    monkeypatch.setattr(scenarios, "_data", lambda _: text.encode())
    with pytest.raises(ScenarioDataError, match=complaint):
        scenarios._read("broken", scenarios.Scenario)


def test_secrets_look_like_the_sandboxs_and_are_long(running: Sandbox) -> None:
    for name in scenario_names():
        running.enter(name)
        for secret in running.secrets().values():
            assert re.fullmatch(r"pe_sandbox_[A-Za-z0-9]{40}", secret.reveal())
            assert secret.reveal() not in repr(running.situation)


def test_seeded_sandboxes_are_alike_and_others_differ() -> None:
    def secret(rng: random.Random | None) -> str:
        return Sandbox(rng=rng).old_secret().reveal()

    assert secret(random.Random(3)) == secret(random.Random(3))
    assert secret(random.Random(3)) != secret(random.Random(4))
    assert secret(None) != secret(None)
