"""Text that is no JSON, or not quite: what is said, where, and how it is mended."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinned_tui.inspect.json_source.edits import apply
from pinned_tui.inspect.json_source.nodes import plain, walk
from pinned_tui.inspect.json_source.parser import scan
from pinned_tui.inspect.model import InputText, Inspection, read_input
from pinned_tui.inspect.payload import inspect, inspect_body
from pinned_tui.session import Certainty
from tests.inspect.payload.payload_support import LOOKING, alarms, body, causes, event

GOOD = body(event())
ONE_LINE = body(event(), None)

FIXED = {
    "a comma behind the last field": (GOOD[:-2] + ",\n}", "an extra comma"),
    "a comma behind the last item": (GOOD.replace('"concert"', '"concert",'), "an extra comma"),
    "two commas": (GOOD.replace("101,", "101,,"), "an extra comma"),
    "Python's repr": (repr(event()), "single quotes"),
    "Python's words": (ONE_LINE[:-1] + ', "free": True, "endAt": None}', "is not a JSON literal"),
    "a comment": (GOOD.replace("101,", "101, // ours"), "a comment"),
    "a block comment": (GOOD.replace("101,", "/* ours */ 101,"), "a comment"),
    "a comment of Python": ("# the event\n" + GOOD, "a comment"),
    "typographic quotes": (GOOD.replace('"timezone"', "“timezone”"), "typographic quotes"),
    "German quotes": (GOOD.replace('"Europe/Vienna"', "„Europe/Vienna“"), "typographic quotes"),
    "names without quotes": (
        GOOD.replace('"title"', "title"),
        "“title” in line 3, column 3 has no quotes",
    ),
    "a word without quotes": (GOOD.replace('"concert"', "concert"), "has no quotes"),
    "a date without quotes": (
        GOOD.replace('"2026-12-03T12:00:00+01:00"', "2026-12-03T12:00:00+01:00"),
        "has no quotes",
    ),
    "a comma missing": (GOOD.replace("101,", "101"), "A comma is missing"),
    "a comma missing on one line": (ONE_LINE.replace('noon", ', 'noon" '), "A comma is missing"),
    "the last brace missing": (GOOD[:-2], "“}” is missing"),
    "two braces missing": (ONE_LINE[:-3], "“}}}” is missing"),
    "a bracket missing": (ONE_LINE.replace('["concert"]', '["concert"'), "“]” is missing"),
    "one brace too many": (GOOD + "}", "more after the end"),
    "a semicolon behind": (GOOD + ";", "more after the end"),
    "a line break within": (GOOD.replace("at Noon", "at\nNoon"), "raw line break"),
    "a tab within": (GOOD.replace("at Noon", "at\tNoon"), "raw control character"),
    "a control character between": (GOOD.replace("101,", "101,\x00"), "raw control character"),
    "a byte order mark": ("\ufeff" + GOOD, "byte order mark"),
    "a space that does not break": (GOOD.replace(": 101", ":\u00a0101"), "U+00A0"),
    "quotes within": (GOOD.replace("at Noon", 'at "Noon" now'), "a quote inside a text"),
    "a quote missing": (GOOD.replace('at Noon"', "at Noon"), "no closing quote"),
    "a path of Windows": (GOOD.replace("at Noon", "C:\\\\x\\Noon"), "is not a JSON escape"),
    "an apostrophe escaped": (GOOD.replace("at Noon", "it\\'s"), "is not a JSON escape"),
    "a leading zero": (GOOD.replace("101", "0101"), "is not how JSON writes a number"),
    "arrows of PHP": (GOOD.replace('"title":', '"title" =>'), "where JSON has a colon"),
    "an assignment": (f"const body = {GOOD};", "code around"),
    "a shell's quotes": (f"'{ONE_LINE}'", "code around"),
    "no braces": (GOOD[1:-1], "braces around the fields"),
}
ONE_LINE_NOON = ONE_LINE.replace("Noon", "noon")
FIXED["a comma missing on one line"] = (
    ONE_LINE_NOON.replace('noon", ', 'noon" '), "A comma is missing"
)  # fmt: skip
STOPPED = {
    "cut in a text": (GOOD[: GOOD.index("Chamber") + 3], "breaks off"),
    "cut behind a colon": (GOOD[: GOOD.index("101")], "breaks off"),
    "a colon missing": (GOOD.replace('"title":', '"title"'), "where a colon is expected"),
    "words behind": (GOOD + " thanks", "where the end is expected"),
    "brackets without end": ("[" * 100_000, "nested more than 200 deep"),
}
UNFIXED = {
    "no number": (GOOD.replace("101", "NaN"), "is not a number in JSON"),
    "two documents": (GOOD + "\n" + '{"a": 1}', "A second value begins in line 17"),
    "half a character": (GOOD.replace("at Noon", "\\ud83d"), "half a character"),
}


@pytest.mark.parametrize("name", FIXED)
def test_what_is_mechanical_is_said_and_fixed(name: str) -> None:
    text, said = FIXED[name]
    found = inspect_body(text, LOOKING)
    assert {f.cause for f in alarms(found)} == {"body-malformed-json"}
    assert any(said in fault.detail for fault in found.faults)
    assert found.corrected is not None
    assert inspect_body(found.corrected, LOOKING).faults == ()
    assert set(json.loads(found.corrected)) >= set(event())
    assert found.changes


@pytest.mark.parametrize("name", STOPPED)
def test_where_reading_has_to_stop_only_that_is_said(name: str) -> None:
    text, said = STOPPED[name]
    found = inspect_body(text, LOOKING)
    assert causes(found)[-1] == "body-malformed-json"
    assert said in found.faults[-1].detail
    assert found.corrected is None


@pytest.mark.parametrize("name", UNFIXED)
def test_what_nobody_can_fix_is_said_and_the_rest_looked_at(name: str) -> None:
    text, said = UNFIXED[name]
    found = inspect_body(text, LOOKING)
    assert said in found.faults[0].detail
    assert found.corrected is None
    assert found.events == 1


def test_the_place_is_line_and_column() -> None:
    (fault,) = inspect_body('{\n  "title": "A",\n}', LOOKING, partial=True).faults
    assert fault.subject == "line 2, column 15"
    assert fault.span is not None
    assert fault.span.start == 16


def test_a_broken_body_is_mended_together_with_its_fields() -> None:
    text = GOOD.replace("101,", "'101',").replace("Europe/Vienna", "europe/vienna")
    found = inspect_body(text[:-2] + ",\n}", LOOKING)
    assert causes(found) == [
        *["body-malformed-json"] * 2, "field-wrong-type", "timezone-not-iana",
    ]  # fmt: skip
    assert found.corrected == GOOD


@pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff"])
def test_an_empty_body(text: str) -> None:
    assert causes(inspect_body(text, LOOKING)) == ["body-empty"]


@pytest.mark.parametrize("layers", [1, 2])
def test_json_in_json_is_taken_out_and_looked_at(layers: int) -> None:
    text = body(event(title="ü ☃ 🎻", status="Published"), None)
    for _ in range(layers):
        text = json.dumps(text)
    found = inspect_body(text, LOOKING)
    assert causes(found) == [*["body-double-encoded"] * layers, "status-unknown"]
    span = found.faults[-1].span
    assert span is not None
    assert "Published" in text[span.start : span.end]
    assert found.corrected == body(event(title="ü ☃ 🎻", status="published"), None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"data": ', "}"),
        ('{"event": ', "}"),
        ('{"data": {"type": "event", "attributes": ', "}}"),
        ('{"query": "mutation", "variables": {"input": ', "}}"),
        ("[", "]"),
        ('{"events": [', "]}"),
    ],
)
def test_what_is_around_an_event_is_taken_away(before: str, after: str) -> None:
    found = inspect_body(before + ONE_LINE + after, LOOKING)
    assert causes(found) == ["body-wrapped"]
    assert found.corrected == ONE_LINE


def test_a_field_in_a_wrapped_event_has_its_own_path_and_the_one_in_the_text() -> None:
    text = body({"data": event(status="Draft")})
    _, fault = inspect_body(text, LOOKING).faults
    assert (fault.subject, fault.path) == ("status", "data.status")


@pytest.mark.parametrize("text", ["[]", "42", "null", '"hello"', "[1, 2]", '["a"]'])
def test_a_body_that_is_no_object(text: str) -> None:
    assert causes(inspect_body(text, LOOKING)) == ["body-wrapped"]


@pytest.mark.parametrize("ndjson", [True, False])
def test_several_events_are_several_requests(ndjson: bool) -> None:
    events = [event(), event(title="Second"), event(startAt="2026-12-24T19:00:00")]
    lines = [body(one, None) for one in events]
    found = inspect_body("\n".join(lines) if ndjson else f"[{','.join(lines)}]", LOOKING)
    (fault,) = alarms(found)
    assert (fault.cause, fault.subject) == ("datetime-no-offset", "[2].startAt")
    assert "payload-list" in [note.code for note in found.notes]
    assert found.events == 3


def test_a_name_that_stands_twice() -> None:
    text = GOOD.replace('"channelId": 101,', '"channelId": 101,\n  "channelId": 102,')
    (fault,) = inspect_body(text, LOOKING).faults
    assert (fault.cause, fault.subject) == ("field-duplicated", "channelId")
    assert fault.certainty is Certainty.LIKELY
    same = GOOD.replace('"channelId": 101,', '"channelId": 101, "channelId": 101,')
    assert [f.certainty for f in inspect_body(same, LOOKING).faults] == [Certainty.POSSIBLE]


@pytest.mark.parametrize("bare", ["{{channel_id}}", "${CHANNEL}", "<%= id %>", "%(id)s", "$ID"])
def test_a_placeholder_without_quotes_is_no_fault_of_the_json(bare: str) -> None:
    found = inspect_body(GOOD.replace("101", bare), LOOKING)
    (fault,) = found.faults
    assert (fault.cause, fault.subject) == ("body-template-unrendered", "channelId")
    assert fault.found == bare
    assert found.corrected is None


def inspected_bytes(data: bytes) -> Inspection:
    return inspect(read_input(data), LOOKING)


def test_bytes_that_are_not_utf8() -> None:
    found = inspected_bytes(body(event(title="Müsik")).encode("cp1252"))
    (fault,) = found.faults
    assert (fault.cause, fault.subject) == ("body-not-utf8", "byte 36")
    assert found.correction is None


def test_utf16_is_named_and_written_anew() -> None:
    found = inspected_bytes(b"\xff\xfe" + GOOD.encode("utf-16-le"))
    assert [f.cause for f in found.faults] == ["body-not-utf8"]
    assert found.correction is not None
    assert found.correction.text == GOOD


def test_a_key_in_the_body_is_repeated_nowhere() -> None:
    key = "pe_live_4Qz7mWxN2vR9tLkD8sJfH3bY"
    text = body(event(status="Draft") | {"api_key": key, "note": f"uses {key}"})
    found = inspect_body(text, LOOKING)
    assert [secret.reveal() for secret in found.secrets] == [key]
    assert key not in (found.corrected or "") + repr(found.faults) + repr(found.notes)
    assert "YOUR_API_KEY" in (found.corrected or "")


texts = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


@given(json_values, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_json_is(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    read = scan(text)
    assert read.slips == []
    assert [plain(root) for root in read.roots] == [value]


@given(json_values)
def test_every_value_stands_where_it_is_said_to_stand(value: object) -> None:
    text = json.dumps(value)
    (root,) = scan(text).roots
    for _, node in walk(root):
        assert json.loads(text[node.start : node.end]) == plain(node)


SIGNS = "{}[]:,\"'`\\ntrue0-+.eE/*#“”„_$<>%= \n\t\ufeff\u00a0\x00üa"


@example("0,\f")
@example('{"a": 1},\u2028')
@given(st.text(SIGNS) | st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_whatever_raises_and_what_is_mended_is_json(text: str) -> None:
    read = scan(text)
    mended = apply(text, read.edits())
    mendable = not (read.stopped or read.bare or any(slip.edit is None for slip in read.slips))
    if mendable and len(read.roots) == 1:
        json.loads(mended)
    found = inspect_body(text, LOOKING)
    if found.corrected is not None:
        json.loads(found.corrected)
    for fault in found.faults:
        assert fault.span is None or 0 <= fault.span.start <= fault.span.end <= len(text)


@given(st.integers(0, len(GOOD)), st.integers(0, 3), st.text(SIGNS, max_size=3))
def test_a_healthy_body_with_a_few_signs_changed(at: int, gone: int, put: str) -> None:
    found = inspect_body(GOOD[:at] + put + GOOD[at + gone :], LOOKING)
    if found.corrected is not None:
        json.loads(found.corrected)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    inspect(read_input(data), LOOKING)


ENDLESS = {
    "brackets": "[" * 10**6,
    "objects": '{"a":' * 10**6,
    "single quotes": "'" * 10**6,
    "quotes": '"' * 10**6,
    "quotes on lines": '"\n' * 5 * 10**5,
    "texts side by side": '"a" ' * 2 * 10**5,
    "quotes inside": '["a" "' + 'b" ' * 10**5,
    "comments": "/*" * 10**6,
    "templates": "{{" * 10**6,
    "blanks": " " * 10**7,
    "digits": '{"channelId": ' + "9" * 10**6 + "}",
    "escapes": '{"a":"' + "\\u12" * 2 * 10**5,
    "a list of lists": "[" + "[]," * 10**5 + "[]]",
    "a long title": body(event(title="{" * 10**6)),
    "a long date": body(event(startAt="2026-12-24T" + "1" * 10**6)),
    "a long zone": body(event(timezone="Europe/" * 10**5)),
    "a long address": body(event(offers=[{"url": "http://" + "a." * 10**6}])),
    "a long classification": body(event(classifications=["a-" * 10**6])),
    "many fields": json.dumps({f"start_{n}": n for n in range(20_000)}),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_no_input_takes_long(name: str) -> None:
    began = time.process_time()
    inspect_body(ENDLESS[name], LOOKING)
    assert time.process_time() - began < 5


def test_lone_surrogates_and_odd_pasted_text() -> None:
    inspect(InputText("\ud800{\udfff"), LOOKING)
    inspect_body('{"title": "\ud800", "startAt": "\udfff", "timezone": "\ud800"}', LOOKING)
