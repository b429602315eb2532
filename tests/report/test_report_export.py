"""The way out: formats, names, and the last scan that cuts a secret out of it."""

import json
import stat
import sys
from pathlib import Path

import pytest

from pinned_tui.core.private_files import FileProblem
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.export import (
    FORMATS,
    UnknownFormatError,
    export,
    save_report,
    suggested_name,
)
from pinned_tui.session import Outcome, Session, replace
from tests import samples

VALUE = "pe_live_Zt7Qw9LmX2vRb4Ks8HdN3cYf6GjP1aEuT5oI0qWe"
SECRET = Secret(VALUE, source="environment")


def leaking(text: str) -> Session:
    """A session that holds ``text`` where the API's words are shown."""
    verdict = samples.SCOPE_MISSING
    fields = {name: getattr(verdict, name) for name in verdict.__struct_fields__}
    return replace(samples.plain(), verdicts=(type(verdict)(**{**fields, "summary": text}),))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_whole_report(name: str) -> None:
    data = export(samples.told(), name, secrets=[SECRET])
    assert data.endswith(b"\n")
    assert b"events:read" in data


def test_a_saved_report_has_no_key_in_it_and_says_that_one_was_cut_out(tmp_path: Path) -> None:
    target, notices = tmp_path / "report", list[str]()
    leaky = leaking(f"The key {VALUE} was refused.")
    save_report(target, leaky, "markdown", secrets=[SECRET], notice=notices.append)
    assert "The key `[key-1]` was refused." in target.read_text("utf-8")
    (notice,) = notices
    assert "[key-1] in plain text" in notice


def test_a_saved_report_is_whole_and_private(tmp_path: Path) -> None:
    target = tmp_path / suggested_name(samples.failing(), "json")
    save_report(target, samples.failing(), "json", secrets=[SECRET])
    assert json.loads(target.read_bytes())["id"] == samples.failing().id
    if sys.platform != "win32":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_report_replaces_another_only_when_told_to(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("precious")
    with pytest.raises(FileProblem, match="The name is taken"):
        save_report(target, samples.plain(), "markdown", secrets=[])
    assert target.read_text() == "precious"
    save_report(target, samples.plain(), "markdown", secrets=[], overwrite=True)
    assert target.read_text("utf-8").startswith("# ✓")


def test_answers_are_in_the_words_of_the_guide() -> None:
    from pinned_tui.guide.loader import load_guide

    _, step = next(iter(load_guide().steps()))
    answer = samples.told().answers[0]
    given = type(answer)(
        step=step.id, option=step.options[0].id, by="person", at=answer.at, text=None
    )
    report = export(replace(samples.plain(), answers=(given,)), "markdown", secrets=[])
    assert step.id not in report.decode()
    assert step.question.split()[0] in report.decode()


def test_answers_to_a_step_that_the_guide_no_longer_has_are_shown_by_their_ids() -> None:
    report = export(samples.told(), "markdown", secrets=[]).decode()
    assert "scope-which **unsure**" in report


@pytest.mark.parametrize(
    ("session", "name"),
    [
        (samples.failing(), "pinned-events-00000001-scope-missing.md"),
        (samples.plain(id="20261123-f2nvs"), "pinned-events-20261123-f2nvs-healthy.md"),
        (samples.plain(2, outcome=None), "pinned-events-00000002-unfinished.md"),
        (samples.plain(id="../../x"), "pinned-events-x-healthy.md"),
        (samples.plain(id="/"), "pinned-events-healthy.md"),
    ],
)
def test_the_name_says_which_session_and_what_it_came_to(session: Session, name: str) -> None:
    assert suggested_name(session, "markdown") == name


def test_a_name_holds_nothing_that_leads_elsewhere() -> None:
    session = leaking("x")
    verdict = session.verdicts[0]
    fields = {name: getattr(verdict, name) for name in verdict.__struct_fields__}
    hostile = type(verdict)(**{**fields, "cause": "../../etc/PASSWD\x00\n" + "a" * 500})
    name = suggested_name(replace(session, verdicts=(hostile,)), "json")
    assert name.startswith("pinned-events-00000001-etc-passwd-aaa")
    assert name.endswith("a.json")
    assert len(name) < 120


def test_an_unknown_format_lists_those_there_are() -> None:
    with pytest.raises(UnknownFormatError, match=r"'docx'.*markdown, json"):
        export(samples.plain(outcome=Outcome.HEALTHY), "docx", secrets=[])
