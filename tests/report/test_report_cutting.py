"""What the last scan finds is cut out; it never costs the report, its verdict or its validity."""

import base64
import json
from typing import Any

import msgspec
import pytest

from pinned_tui.redaction.leak_removal import cut, cut_json
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.export import FORMATS, export
from pinned_tui.report.json_report import render, validate
from pinned_tui.session import Session, decode, replace
from tests import samples

KEY = "pe_live_Zt7Qw9LmX2vRb4Ks8HdN3cYf6GjP1aEuT5oI0qWe"
SECRET = Secret(KEY, source="environment")

WRITTEN = {
    "plain": f"The key {KEY} was refused.",
    "base64": f"sent {base64.b64encode(KEY.encode()).decode()} there",
    "hexadecimal": f"sent {KEY.encode().hex()} there",
    "a part": f"see {KEY[:20]} there",
    "letter by letter": "-".join(KEY),
    "over two lines": f"{KEY[:25]}\n{KEY[25:]}",
    "escaped": "".join(f"\\u{ord(sign):04x}" for sign in KEY),
    "twice": f"{KEY} and {KEY}",
}


def holding(text: str) -> Session:
    """A session with ``text`` in the sentence about its verdict, and in what was seen."""
    session = samples.failing()
    verdict = msgspec.structs.replace(session.verdicts[0], summary=text)
    seen = msgspec.structs.replace(session.observations[0], data={"detail": text, text: [text, 5]})
    return replace(session, verdicts=(verdict,), observations=(seen, *session.observations[1:]))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_secret_in_a_report_is_cut_out_and_the_report_is_whole(form: str, text: str) -> None:
    notices: list[str] = []
    data = export(holding(text), form, secrets=[SECRET], notice=notices.append)
    assert find_leaks(data, [SECRET]) == ()
    assert b"[key-1]" in data
    (notice,) = notices
    assert "[key-1]" in notice
    assert KEY[:8] not in notice
    if form == "json":
        document = json.loads(data)
        assert validate(document) == []
        assert document["verdicts"][0]["cause"] == samples.failing().first_cause
        assert decode(data).outcome == samples.failing().outcome
        assert document["observations"][0]["data"]["detail"] != text
    else:
        assert "events:read" in data.decode()


def test_a_report_without_a_secret_is_not_touched() -> None:
    notices: list[str] = []
    with_secret = export(samples.told(), "json", secrets=[SECRET], notice=notices.append)
    assert with_secret == export(samples.told(), "json", secrets=[])
    assert notices == []


def test_a_secret_in_pieces_over_several_fields_is_cut_out_of_each() -> None:
    session = samples.failing()
    pieces = [KEY[place : place + 6] for place in range(0, len(KEY), 6)]
    seen = msgspec.structs.replace(session.observations[0], data={"pieces": pieces})
    session = replace(session, observations=(seen, *session.observations[1:]))
    data = export(session, "json", secrets=[SECRET])
    assert find_leaks(data, [SECRET]) == ()
    assert validate(json.loads(data)) == []


def test_a_number_that_is_the_secret_becomes_its_stand_in_where_a_text_may_stand() -> None:
    digits = "20261123184512345678"
    session = samples.failing()
    seen = msgspec.structs.replace(session.observations[0], data={"n": int(digits), "m": 42})
    session = replace(session, observations=(seen, *session.observations[1:]))
    data = export(session, "json", secrets=[Secret(digits, source="environment")])
    assert json.loads(data)["observations"][0]["data"] == {"n": "[key-1]", "m": 42}


def own_words() -> list[str]:
    """Words that every report holds whatever the key is: names of fields, ids, fixed values."""
    document = json.loads(render(samples.failing()))
    names = {
        *document,
        *document["observations"][0],
        *document["exchanges"][0],
        *document["target"],
    }
    codes = {one["code"] for one in document["observations"]}
    fixed = {document["started_at"], document["verdicts"][0]["cause"], "application/json"}
    return sorted(names | codes | fixed | {document["verdicts"][0]["docs"]})


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("word", own_words())
def test_a_key_that_equals_a_word_of_the_report_costs_neither_report_nor_verdict(
    word: str, form: str
) -> None:
    session = samples.failing()
    data = export(session, form, secrets=[Secret(word, source="environment")])
    if form == "markdown":
        assert data.startswith(b"# ")
        return
    document: dict[str, Any] = json.loads(data)
    assert validate(document) == []
    read = decode(data)
    assert (read.id, read.outcome, read.first_cause) == (
        session.id, session.outcome, session.first_cause,
    )  # fmt: skip
    assert [one.code for one in read.observations] == [one.code for one in session.observations]


def test_what_cannot_be_taken_out_in_pieces_goes_with_its_lines() -> None:
    """A stand-in that holds the secret itself would be found again and again."""
    secret = Secret("Xy7Qw9Lm-key", source="test", name="Xy7Qw9Lm-key-1")
    assert cut("first line\nthe key Xy7Qw9Lm-key here\nlast line", [secret]) == (
        "first line\nlast line"
    )


def test_a_document_that_may_not_change_stays_as_it_is() -> None:
    text = json.dumps({"a": KEY})
    assert cut_json(text, [SECRET], sound=lambda _changed: False) == text
    assert cut_json(text, [SECRET], sound=lambda _changed: True) == '{"a": "[key-1]"}'


def test_many_finds_of_which_one_may_not_change_are_all_cut_but_that() -> None:
    text = json.dumps({"fixed": KEY, "free": [KEY] * 200})
    changed = cut_json(text, [SECRET], sound=lambda one: json.loads(one).get("fixed") == KEY)
    assert json.loads(changed) == {"fixed": KEY, "free": ["[key-1]"] * 200}
