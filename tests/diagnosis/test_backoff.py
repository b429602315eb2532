"""The waits for the person's own code: the numbers, and the samples, which are run here."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis.backoff import (
    BASE_S,
    CAP_S,
    Wait,
    advice_for,
    load_advice,
    requested_wait,
    schedule,
)
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.explain import explain, render_text
from pinned_tui.diagnosis.explain_topics import load_topics
from pinned_tui.report import markdown, text
from pinned_tui.session import Exchange, RateLimit, Request, Response, Session, replace
from tests import samples

SPANS = st.floats(0.01, 10_000)


@given(SPANS, SPANS, st.none() | st.floats(0, 1e6))
def test_the_bounds_double_up_to_the_cap_and_none_is_before_retry_after(
    one: float, other: float, told: float | None
) -> None:
    base, cap = sorted((one, other))
    waits = schedule(told, base_s=base, cap_s=cap)
    assert waits[0].earliest_s == (told or 0)
    spans = [wait.latest_s - wait.earliest_s for wait in waits]
    assert spans[0] == pytest.approx(base, abs=1e-6)
    assert waits[-1].latest_s == pytest.approx(cap + (told or 0) * (len(waits) == 1))
    for shorter, longer in pairwise(waits[1:]):
        assert longer.latest_s == min(cap, shorter.latest_s * 2)


def test_the_waits_as_they_are_shown() -> None:
    shown = [str(wait) for wait in schedule(20)]
    assert shown[0] == "20 to 21 s"
    assert shown[1:] == [f"0 to {s} s" for s in (2, 4, 8, 16, 32, 60)]
    assert str(schedule(86_400)[0]) == "1 day and up to 1 s more"


@pytest.mark.parametrize(("base", "cap"), [(0, 1), (-1, 1), (2, 1)])
def test_waits_that_can_t_be(base: float, cap: float) -> None:
    with pytest.raises(ValueError, match="base"):
        schedule(base_s=base, cap_s=cap)


def sample(language: str) -> str:
    return next(one.text for one in load_advice().samples if one.language == language)


def answer(status: int, **headers: str) -> Any:
    return SimpleNamespace(status_code=status, headers=headers)


def run_python(answers: list[Any]) -> tuple[Any, list[float]]:
    """Run the sample before ``answers``; return what it returned and how long it slept."""
    slept: list[float] = []
    names: dict[str, Any] = {}
    exec(compile(sample("python"), "sample", "exec"), names)
    names["time"] = SimpleNamespace(sleep=slept.append)
    waiting = iter(answers)
    return names["send_with_backoff"](lambda: next(waiting)), slept


def test_the_python_sample_waits_as_the_schedule_says() -> None:
    told = {"Retry-After": "20"}
    got, slept = run_python([answer(429, **told), *(answer(429) for _ in range(5)), answer(200)])
    assert got.status_code == 200
    waits = schedule(20)[: len(slept)]
    assert all(w.earliest_s <= s <= w.latest_s for w, s in zip(waits, slept, strict=True))


def test_the_python_sample_reads_a_date_and_survives_nonsense() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    _, slept = run_python([answer(429, **{"Retry-After": at}), answer(200)])
    assert 98 <= slept[0] <= 101
    _, slept = run_python([answer(429, **{"Retry-After": "soon"}), answer(200)])
    assert slept[0] <= BASE_S


def test_the_python_sample_gives_up() -> None:
    with pytest.raises(RuntimeError, match="tries"):
        run_python([answer(429) for _ in range(len(schedule()) + 1)])


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")
def test_the_javascript_sample_waits_as_the_schedule_says() -> None:
    harness = """
        const slept = [];
        globalThis.setTimeout = (done, ms) => { slept.push(ms / 1000); done(); };
        const told = ["20", new Date(Date.now() + 100000).toUTCString(), "soon", null];
        let n = 0;
        const send = async () => n < told.length
            ? {status: 429, headers: {get: () => told[n++]}}
            : {status: 200, headers: {get: () => null}};
        sendWithBackoff(send).then((a) => console.log(a.status, slept.join(" ")));
    """
    done = subprocess.run(
        ["node", "-e", sample("javascript") + harness],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    status, *slept = done.stdout.split()
    bounds = [(20, 21), (98, 102), (0, 4), (0, 8)]
    assert status == "200"
    assert all(a <= float(s) <= b for (a, b), s in zip(bounds, slept, strict=True))


def test_the_samples_hold_the_numbers_of_the_schedule() -> None:
    assert f"= {BASE_S:g}, {CAP_S:g}, {len(schedule()) + 1}" in sample("python")
    constants = f"BASE_S = {BASE_S:g}, CAP_S = {CAP_S:g}, TRIES = {len(schedule()) + 1};"
    assert constants in sample("javascript")


@pytest.mark.parametrize("cause", ["rate-limited", "rate-no-backoff"])
def test_explain_shows_the_waits_and_the_code(cause: str) -> None:
    found = explain(cause, load_catalogue(), load_topics())
    assert found is not None
    shown = render_text(found, 80)
    assert "0 to 60 s" in " ".join(shown.split())
    for one in load_advice().samples:
        assert all(line.strip() in shown for line in one.text.splitlines())


def limited() -> Session:
    exchange = Exchange(
        id="x-1", run="run-1", probe="authentication", started_at=samples.plain().started_at,
        request=Request(method="GET", url="https://pinned.events/api/public/v1/channels"),
        response=Response(status=429, rate_limit=RateLimit(retry_after_s=20)),
    )  # fmt: skip
    verdict = msgspec.structs.replace(samples.SCOPE_MISSING, cause="rate-limited")
    return replace(samples.plain(), verdicts=(verdict,), exchanges=(exchange,))


def test_the_report_shows_the_waits_from_what_the_answer_told() -> None:
    assert requested_wait(limited()) == 20
    report = markdown.render(limited())
    assert "| 1 | 20 to 21 s |" in report
    assert f"```python\n{sample('python')}\n```" in report
    shown = text.render(limited())
    assert "20 to 21 s, 0 to 2 s" in shown
    assert "explain rate-limited" in shown


def test_other_causes_have_no_waits() -> None:
    assert advice_for("key-rejected") is None
    assert "Waits" not in markdown.render(samples.told())
    assert Wait(0, 1) == schedule()[0]
