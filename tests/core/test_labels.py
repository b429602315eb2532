"""The words and signs that every face shares."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pinned_tui.core import labels
from pinned_tui.session import Certainty, Outcome, Run, ScopeState, Status, Target, replace
from tests import samples

NOW = datetime(2026, 11, 23, 22, 4, 5, tzinfo=UTC)


def test_every_state_has_a_sign_of_its_own() -> None:
    for table, states in (
        (labels.STATUS, [*Status]),
        (labels.OUTCOME, [*Outcome, None]),
        (labels.CERTAINTY, [*Certainty]),
        (labels.SCOPE, [*ScopeState]),
    ):
        signs = [str(table[state]) for state in states]
        assert len(set(signs)) == len(states)
        assert all(len(sign.split(" ")[0]) == 1 for sign in signs)
    assert str(labels.STATUS[Status.FAIL]) == "✗ fail"
    assert str(labels.OUTCOME[Outcome.INCONCLUSIVE]) == "? inconclusive"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (0, "0 ms"),
        (-3, "0 ms"),
        (0.3404, "340 ms"),
        (0.9999, "1.0 s"),
        (2.34, "2.3 s"),
        (9.96, "10 s"),
        (59.7, "1 min"),
        (80, "1 min 20 s"),
        (7500, "2 h 5 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=4, minutes=9), "3 days 4 h"),
    ],
)
def test_spans_in_words(span: float | timedelta, words: str) -> None:
    assert labels.duration(span) == words


@given(st.floats(0, 1e6, allow_nan=False) | st.integers(0, 200_000))
def test_nobody_who_waits_as_told_is_early(seconds: float) -> None:
    said = labels.wait(seconds)
    units = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}
    parts = said.split(" ")
    told = sum(int(n) * units[unit] for n, unit in zip(parts[::2], parts[1::2], strict=True))
    assert told >= seconds


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 requests"), (1, "1 request"), (1200, "1,200 requests")]
)
def test_counts_with_their_noun(count: int, words: str) -> None:
    assert labels.plural(count, "request") == words


def test_a_noun_with_a_plural_of_its_own() -> None:
    assert labels.plural(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(base_url="https://pinned.events"), "pinned.events"),
        (Target(base_url="http://127.0.0.1:8080"), "http://127.0.0.1:8080"),
        (
            Target(base_url="https://pinned.events", channel_id=42, channel_given="jazz"),
            "pinned.events · channel 42",
        ),
        (
            Target(base_url="https://pinned.events", channel_given="jazz", event_id="a1"),
            "pinned.events · channel jazz · event a1",
        ),
        (
            Target(base_url="https://pinned.events", needs=("events:read",), payload="x.json"),
            "pinned.events · needs events:read · payload x.json",
        ),
    ],
)
def test_what_was_asked_about(target: Target, words: str) -> None:
    assert labels.describe_target(target) == words


def test_a_session_is_headed_by_its_leading_verdict_or_its_outcome() -> None:
    assert labels.headline(samples.failing()) == "The key lacks the scope events:read"
    assert labels.headline(samples.plain()) == "All checks passed"
    assert labels.headline(samples.plain(outcome=None)) == "Not finished"


@pytest.mark.parametrize("status", [Status.WARN, Status.FAIL, Status.UNKNOWN])
def test_where_a_check_did_not_pass_nothing_says_that_all_did(status: Status) -> None:
    plain = replace(samples.failing(), verdicts=(), outcome=Outcome.HEALTHY)
    last = plain.latest()[-1]
    seen = tuple(
        structs.replace(one, status=status) if one.id == last.id else one
        for one in plain.observations
    )
    assert labels.headline(replace(plain, observations=seen)) == (
        "No problems found, but see the warnings"
    )


def test_the_gist_of_a_mended_session_is_what_was_mended() -> None:
    assert labels.gist(samples.told()) == "Fixed: The key lacks the scope events:read"
    assert labels.gist(samples.failing()) == "The key lacks the scope events:read"
    assert labels.gist(samples.plain()) == "All checks passed"
    by_answer = samples.answered().runs[0].verdicts[1]
    first, latest = samples.told().runs
    fields = {name: getattr(first, name) for name in first.__struct_fields__}
    session = replace(samples.told(), runs=(Run(**{**fields, "verdicts": (by_answer,)}), latest))
    assert labels.gist(session) == "All checks passed"


def test_moments_are_told_in_utc_and_what_is_no_moment_stays() -> None:
    assert labels.moment("2026-11-23T22:04:05.678Z") == "2026-11-23 22:04:05 UTC"
    assert labels.moment("soon") == "soon"


def test_the_time_between_two_moments() -> None:
    begin, end = "2026-11-23T22:04:05.000Z", "2026-11-23T22:04:07.300Z"
    assert labels.elapsed(begin, end) == "2.3 s"
    assert labels.elapsed(begin, None) is None
    assert labels.elapsed("soon", end) is None


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5, seconds=59), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=22, minutes=10), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "2026-10-24"),
    ],
)
def test_how_long_ago(before: timedelta, words: str) -> None:
    assert labels.ago(NOW - before, NOW) == words


def test_yesterday_is_told_by_the_readers_own_midnight() -> None:
    east = timezone(timedelta(hours=5))
    now = NOW.astimezone(east)  # 03:04 there
    assert labels.ago(NOW - timedelta(hours=4), now) == "yesterday"
    assert labels.ago(NOW - timedelta(hours=4), NOW) == "4 h ago"


def test_what_the_summary_says_in_full_gets_no_line_of_its_own() -> None:
    groups = structs.replace(
        samples.SCOPE_MISSING, subject="“A” (1, 2); “B” (3, 4) and 2 more groups",
        summary="“A” (1, 2) were created 3 min apart. They are “B” (3, 4).", found=None,
    )  # fmt: skip
    assert labels.concerns(groups) is None
    untold = structs.replace(groups, summary="Some are alike.")
    assert labels.concerns(untold) == groups.subject
    refused = structs.replace(
        groups, subject="coverImage", found="must be yours", summary="It must be yours."
    )
    assert (labels.concerns(refused), labels.found_value(refused)) == ("coverImage", None)
    assert labels.found_value(structs.replace(refused, found="42", summary="Got 42.")) == "42"
