"""Why this cause, in the Markdown report and in plain text."""

from msgspec import structs

from pinned_tui.core.labels import FOUND_TOO, UNTOLD
from pinned_tui.report import markdown, text
from pinned_tui.session import Certainty, Considered, NextStep, Session, replace
from tests import samples

HEADING = "Why this cause"
WEIGHED = (
    Considered(
        cause="scope-missing", title="The key lacks events:create", standing="open", why="No word.",
        subject="events:create", next=NextStep(probe="create-scope", title="Try", cost="consent"),
    ),
    Considered(cause=None, title="A proxy answers.", standing="open", why="Nothing."),
    Considered(
        cause="key-rejected", title="Refused", standing="ruled out", why="Accepted.",
        against=("obs-4",),
    ),
    Considered(cause=None, title="Read the payload", standing="not judged", why="First: scope."),
)  # fmt: skip


def weighed() -> Session:
    verdict = samples.SCOPE_MISSING
    first = Considered(
        cause=verdict.cause, title=verdict.title, standing="fits", why="It was refused.",
        subject=verdict.subject, speaks_for=("obs-2",),
    )  # fmt: skip
    return replace(samples.told(), verdicts=(verdict,), considered=(first, *WEIGHED))


def test_the_report_says_what_fits_what_is_open_and_what_is_ruled_out_by_what() -> None:
    report = markdown.render(weighed())
    table = report.partition(f"## {HEADING}")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[0] for row in rows] == [
        "| ● fits", "| ○ still open", "| ✗ ruled out", "| – not judged",  # noqa: RUF001
    ]  # fmt: skip
    assert "Try (asks you first)" in rows[1]
    assert "`obs-4`" in rows[2]
    assert "A proxy answers." not in table, "it is among what can't be told, right before"


def test_plain_text_says_it_in_short() -> None:
    shown = text.render(weighed(), width=80)
    part = shown.partition(HEADING)[2].partition("Sent ")[0]
    assert "scope-missing events:create: No word." in part
    assert "→ Try (asks you first)" in part
    assert "✗ ruled out" in part
    assert "payload" not in part
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_what_has_no_verdict_or_nothing_beside_it_is_not_explained() -> None:
    healthy = replace(weighed(), verdicts=())
    alone = replace(weighed(), considered=weighed().considered[:1])
    assert HEADING not in markdown.render(healthy)
    assert HEADING not in text.render(alone)


def test_what_the_person_could_not_tell_is_not_told_as_found() -> None:
    verdict = samples.SCOPE_MISSING
    unsure = structs.replace(
        verdict, cause="key-lost", title="Lost", certainty=Certainty.POSSIBLE, evidence=(),
        subject=None,
    )  # fmt: skip
    row = Considered(cause="key-lost", title="Lost", standing="open", why="You could not tell.")
    session = replace(weighed(), verdicts=(verdict, unsure), considered=(row,))
    for shown in (markdown.render(session), text.render(session)):
        assert UNTOLD in shown
        assert FOUND_TOO not in shown
