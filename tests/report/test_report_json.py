"""The JSON report: the session and nothing else, with a schema that ships with it."""

import json
import re
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from pinned_tui import session as sessions_module
from pinned_tui.redaction.sanitize import clean_json, is_clean
from pinned_tui.report import json_report
from pinned_tui.report.schema import generated
from pinned_tui.session import Session, SessionFileError, replace
from tests import samples
from tests.strategies import sessions


@given(sessions())
@settings(suppress_health_check=list(HealthCheck))
def test_a_session_survives_being_written_and_read(session: Session) -> None:
    assert sessions_module.decode(json_report.render(session).encode()) == session


def test_every_session_is_valid_by_the_schema(any_sessions: list[Session]) -> None:
    for session in any_sessions:
        assert json_report.validate(json.loads(json_report.render(session))) == []


def test_reading_a_session_of_somebody_elses_cleans_it(any_sessions: list[Session]) -> None:
    for session in any_sessions:
        read = json_report.read(json_report.render(session).encode())
        document = json.loads(json_report.render(read))
        assert clean_json(document) == document
        assert is_clean(read.id)


def test_a_clean_session_is_read_unchanged() -> None:
    session = samples.told()
    assert json_report.read(json_report.render(session).encode()) == session


def test_the_shipped_schema_is_the_one_that_the_types_make() -> None:
    """Else run: python -m pinned_tui.report.schema"""
    shipped = files("pinned_tui.report").joinpath("schema", json_report.SCHEMA_FILE)
    assert shipped.read_text("utf-8") == generated()


def test_no_version_of_the_library_that_reads_the_types_shows_in_the_schema(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, made = generated(), msgspec.json.schema

    def of_another_version(kind: Any) -> dict[str, Any]:
        schema = made(kind)
        for definition in schema["$defs"].values():
            definition["description"] = "Signature and prose that the library makes up."
            for field in definition.get("properties", {}).values():
                field["description"] = "An enumeration."
                field.get("anyOf", []).sort(key=lambda one: one != {"type": "null"})
        return schema

    monkeypatch.setattr(msgspec.json, "schema", of_another_version)
    assert generated() == before


def test_the_schema_describes_each_type_and_field_in_the_words_of_its_docstring() -> None:
    definitions = json_report.schema()["$defs"]
    assert all(definition["description"].endswith(".") for definition in definitions.values())
    assert definitions["Outcome"]["description"].startswith("What a session came to")
    about_target = definitions["Target"]["properties"]["refused_elsewhere"]["description"]
    assert about_target == (
        "Whether the user says that their deployment answers 401 with what should be this key."
    )
    assert not re.search(r"Attributes:|:mod:|``|\n ", json.dumps(definitions))


def test_the_document_has_the_keys_of_the_contract() -> None:
    document = json.loads(json_report.render(samples.failing()))
    assert document["schema_version"] == 1
    assert document["kind"] == "session"
    assert document["outcome"] == "problem"
    assert document["target"]["channel_id"] == 42
    assert document["verdicts"][0]["cause"] == "scope-missing"
    assert document["verdicts"][0]["subject"] == "events:read"
    assert document["requests_sent"] == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("outcome",), "fine"),
        (("verdicts", 0, "certainty"), "sure"),
        (("requests_sent",), "5"),
        (("kind",), "report"),
    ],
)
def test_the_schema_refuses_what_is_not_in_the_contract(
    path: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(json_report.render(samples.failing()))
    place = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    (fault,) = json_report.validate(document)
    assert str(path[-1]) in fault


def test_a_document_without_what_is_required_is_refused() -> None:
    document = json.loads(json_report.render(samples.failing()))
    del document["tool"]
    assert any("tool" in fault for fault in json_report.validate(document))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"kind":"session","id":"\\ud800"}',
    ],
)
def test_what_is_no_session_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(SessionFileError, match="not a pinned-tui session"):
        json_report.read(document)


def test_a_session_of_a_newer_schema_is_not_guessed_at() -> None:
    newer = replace(samples.plain(), schema_version=2)
    with pytest.raises(SessionFileError, match="Update pinned-tui"):
        json_report.read(json_report.render(newer).encode())
