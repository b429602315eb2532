"""What API clients save, print and export: read as requests, with the variables followed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.formats.client_request import agreed, without_comments
from pinned_tui.inspect.formats.registry import FileFormat, formats, reader_of
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import HttpBody
from pinned_tui.inspect.model import InputKind, read_text
from pinned_tui.session import Outcome
from tests.corpus.reading import items
from tests.inspect.outcomes import causes, concluded, outcome, sure

KEY = "hV3kQ9tZ7mLw2XcR5nPj8YbD"
CHANNELS = "https://pinned.events/api/public/v1/channels"
EVENTS = "https://pinned.events/api/public/v1/events"
EVENT = json.dumps(
    {
        "channelId": 4207,
        "title": "Open Air at the Mill",
        "startAt": "2027-06-12T20:00:00+02:00",
        "timezone": "Europe/Berlin",
        "classifications": ["concert"],
        "approxLocation": {"city": {"placeId": "plc_leipzig_de"}},
    },
    indent=2,
)
READERS = frozenset(
    {
        *("postman", "saved_requests", "bruno", "newman", "postman_console", "echo_service"),
        "http_file",
    }
)
OWN = [one for one in formats() if one.reader in READERS]


def _bearer(token: str) -> dict[str, Any]:
    return {"type": "bearer", "bearer": [{"key": "token", "value": token}]}


def _request(**changed: Any) -> dict[str, Any]:
    asked = {"method": "GET", "header": [], "url": {"raw": CHANNELS}, "auth": _bearer("{{key}}")}
    return {name: one for name, one in (asked | changed).items() if one is not None}


def _collection(*items: dict[str, Any], **more: Any) -> str:
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"name": "Mill", "schema": schema}, "item": list(items)} | more)


def _create(**changed: Any) -> dict[str, Any]:
    body = {"mode": "raw", "raw": EVENT, "options": {"raw": {"language": "json"}}}
    header = [{"key": "Idempotency-Key", "value": "cms-event-311-create"}]
    return _request(
        **{"method": "POST", "url": {"raw": EVENTS}, "header": header, "body": body} | changed
    )


# ---- Postman ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"auth": _bearer("{{vault:pinned}}")}, []),
        ({"auth": {"type": "noauth"}}, ["auth-header-missing"]),
        ({"auth": {"type": "basic", "basic": []}}, ["auth-scheme-wrong"]),
        ({"auth": {"type": "oauth2", "oauth2": []}}, []),
        ({"auth": _bearer("YOUR_API_KEY")}, ["key-placeholder"]),
        ({"auth": _bearer("")}, ["key-missing"]),
        # The helper's header takes the place of the one that was written.
        ({"header": [{"key": "Authorization", "value": "Token {{key}}"}]}, []),
        ({"header": [{"key": "x-api-key", "value": "{{key}}"}]}, ["auth-two-headers"]),
        ({"url": "{{base}}/channels"}, []),
    ],
)  # fmt: skip
def test_helpers_of_postman_add_their_headers(changed: Any, expected: list[str]) -> None:
    text = _collection({"name": "List", "request": _request(**changed)}, auth=_bearer("{{key}}"))
    assert causes(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"mode": "raw", "raw": EVENT}, ["body-content-type"]),
        ({"mode": "formdata", "formdata": [{"key": "title", "value": "x"}]}, ["body-content-type"]),
        ({"mode": "file", "file": {"src": "/tmp/event.json"}}, []),
        (None, ["body-empty"]),
    ],
)
def test_the_kind_of_a_body_gives_its_content_type(body: Any, expected: list[str]) -> None:
    assert causes(_collection({"name": "Create", "request": _create(body=body)})) == expected


def test_comments_in_a_body_are_left_out_as_the_client_does() -> None:
    body = {
        "mode": "raw",
        "raw": "// the event\n" + EVENT,
        "options": {"raw": {"language": "json"}},
    }
    assert (
        outcome(_collection({"name": "Create", "request": _create(body=body)})) is Outcome.HEALTHY
    )


def test_a_variable_of_the_collection_is_followed() -> None:
    wrong = [{"key": "base", "value": "https://pinned.events"}]
    text = _collection({"name": "x", "request": _request(url="{{base}}/channels")}, variable=wrong)
    assert sure(text) == ["url-wrong-path"]


@pytest.mark.parametrize("value", ["", "YOUR_API_KEY"])
def test_a_stand_in_that_is_shared_is_not_the_value_in_use(value: str) -> None:
    shared = [{"key": "key", "value": value}]
    text = _collection({"name": "x", "request": _request()}, variable=shared)
    assert outcome(text) is Outcome.HEALTHY


def test_a_request_pasted_alone_is_read() -> None:
    assert causes(json.dumps(_request(auth={"type": "noauth"}))) == ["auth-header-missing"]
    alone = {"name": "x", "request": _request(auth={"type": "noauth"}), "response": []}
    assert causes(json.dumps(alone)) == ["auth-header-missing"]


def test_a_collection_that_is_cut_off_lacks_nothing() -> None:
    first = _create()
    others = {name: first.pop(name) for name in ("header", "url", "auth")}
    whole = json.dumps(json.loads(_collection({"name": "x", "request": first | others})), indent=1)
    for end in range(200, len(whole), 11):
        found = set(causes(whole[:end])) - {"input-unrecognised"}
        assert not found, (end, found)


def test_an_environment_of_another_service_is_not_judged() -> None:
    values = [{"key": "apiKey", "value": "your-key", "enabled": True}]
    text = json.dumps({"name": "Shop", "values": values, "_postman_variable_scope": "environment"})
    assert sure(text) == ["input-unrecognised"]


# ---- other clients ------------------------------------------------------------------------------


def test_folders_of_insomnia_are_found_by_their_names() -> None:
    group = {"_id": "fld_1", "_type": "request_group", "authentication": {
        "type": "bearer", "token": "{{ _.key }}"}}  # fmt: skip
    request = {"_id": "req_1", "parentId": "fld_1", "_type": "request", "method": "GET",
               "url": CHANNELS, "headers": [], "authentication": {}}  # fmt: skip
    export = {"_type": "export", "__export_format": 4, "resources": [request, group]}
    assert outcome(json.dumps(export)) is Outcome.HEALTHY
    request["parentId"] = "fld_2"
    assert causes(json.dumps(export)) == ["auth-header-missing"]


def test_environments_that_differ_give_no_value() -> None:
    assert agreed([{"host": "a", "key": "x"}, {"host": "b", "key": "x"}]) == {"key": "x"}


@pytest.mark.parametrize("mark", ["{{$guid}}", "{{$randomUUID}}", "{{$random.uuid}}", "{{#guid}}",
                                  "{% uuid 'v4' %}", "<<$guid>>"])  # fmt: skip
def test_each_clients_random_value_is_known(mark: str) -> None:
    text = _collection({"name": "x", "request": _create(
        header=[{"key": "Idempotency-Key", "value": mark}])})  # fmt: skip
    assert sure(text) == ["idempotency-key-random"]


def test_a_timeline_of_insomnia_has_a_mark_in_front_of_each_line_of_the_body() -> None:
    headers = f"> Authorization: Bearer {KEY}\n> Content-Type: application/json\n"
    sent = "".join(f"| {line}\n" for line in EVENT.replace("4207", '"4207"').split("\n"))
    text = (
        "* Preparing request\n> POST /api/public/v1/events HTTP/1.1\n> Host: pinned.events\n"
        f"{headers}> Idempotency-Key: cms-1-create\n\n{sent}\n* We are completely uploaded\n"
    )
    inspection, _ = concluded(text)
    found = [one for one in inspection.faults if one.subject == "channelId"]
    assert [text[one.span.start : one.span.end] for one in found if one.span] == ['"4207"']


# ---- .http files --------------------------------------------------------------------------------

_HEAD = "Content-Type: application/json\nIdempotency-Key: cms-1-create\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"POST {EVENTS}\nAuthorization: Bearer {{{{key}}}}\n{_HEAD}\n{EVENT}\n", []),
        (f"@k = {KEY}\n\nGET {CHANNELS}\nAuthorization: {{{{ k }}}}\n", ["auth-scheme-missing"]),
        (f"@key = Bearer {KEY}\n\nGET {CHANNELS}\nAuthorization: {{{{key}}}}\n", []),
        (("@host = http://pinned.events\n\nGET {{host}}/api/public/v1/channels\n"
         "x-api-key: {{$dotenv KEY}}\n"), ["url-insecure-scheme"]),
        (f"GET {CHANNELS}\n  ?page=2\n  &limit=50\nAuthorization: Bearer {{{{key}}}}\n", []),
        ((f"POST {EVENTS}\nAuthorization: Bearer {{{{key}}}}\n{_HEAD}\n{EVENT}\n\n"
         "> {%\n  client.log(response.status)\n%}\n"), []),
        (f"POST {EVENTS}\nAuthorization: Bearer {{{{key}}}}\n{_HEAD}\n< ./event.json\n", []),
        (("GET {{host}}/api/public/v1/channels\nx-api-key: {{key}}\n\n###\n\n"
         '{"$shared": {"host": "https://pinned.events/api"}, "dev": {"k": {"name": "k"}}}\n'),
         ["url-wrong-path"]),
    ],
)  # fmt: skip
def test_variables_of_http_files_are_followed(text: str, expected: list[str]) -> None:
    inspection, _ = concluded(text)
    assert inspection.kind is InputKind.REQUEST
    assert causes(text) == expected
    assert causes(text.replace("\n", "\r\n")) == expected


def test_the_corrected_http_file_keeps_its_variables() -> None:
    text = f"@key = {KEY}\n\nPOST {EVENTS}\nAuthorization: Bearer {{{{key}}}}\n{_HEAD}\n{EVENT}\n"
    inspection, _ = concluded(text.replace("application/json", "text/plain"))
    assert inspection.correction is not None
    assert "Authorization: Bearer {{key}}" in inspection.correction.text
    assert KEY not in inspection.correction.text


# ---- echo services ------------------------------------------------------------------------------


def _received(content: str, **headers: str) -> str:
    names = {"content-type": "application/json", "host": "webhook.site"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return json.dumps({"type": "web", "hostname": "webhook.site", "method": "POST",
                       "content": content, "url": "https://webhook.site/0d9c",
                       "headers": {name: [value] for name, value in names.items()}})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_received(EVENT, authorization=f"Bearer {KEY}", idempotency_key="cms-1"), []),
        (_received(EVENT, authorization="Bearer null", idempotency_key="a"), ["key-placeholder"]),
        (_received(EVENT, idempotency_key="cms-1"), ["auth-header-missing"]),
        (_received(json.dumps(EVENT), authorization=f"Bearer {KEY}", idempotency_key="cms-1"),
         ["body-double-encoded"]),
        (_received('{"action": "opened"}', authorization="Basic dTpw"), ["input-unrecognised"]),
    ],
)  # fmt: skip
def test_what_an_echo_service_received_is_judged_as_sent(text: str, expected: list[str]) -> None:
    assert causes(text) == expected


# ---- descriptions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "# API\nopenapi: 3.1.0\ninfo:\n  title: x\npaths: {}\n",
        "paths:\n  /events:\n    post:\n      security:\n        - token: []\n",
        (
            '{"type": "object", "properties": {"channelId": {"type": "number"}, "title": '
            '{"type": "string"}, "startAt": {"type": "string"}}}'
        ),
    ],
)
def test_a_description_of_the_api_is_nothing_to_judge(text: str) -> None:
    assert sure(text) == ["input-unrecognised"]


# ---- any text -----------------------------------------------------------------------------------


@given(st.sampled_from(['"//x"', "// c\n", "/* a */", '"', "\\", "/", "{", "é", "\n"]).flatmap(
    lambda _: st.text('"/*\\{}ab \n', max_size=60)))  # fmt: skip
def test_leaving_comments_out_moves_nothing(text: str) -> None:
    body = without_comments(HttpBody(text))
    assert body.text is not None
    assert len(body.text) == len(text)
    assert body.text.count("\n") == text.count("\n")


SAMPLES = [one for one in items() if one.folder in {"collections", "requests"}]


@given(
    st.sampled_from(SAMPLES),
    st.sampled_from(OWN),
    st.integers(0, 4000),
    st.integers(0, 60),
    st.text(max_size=8),
)
def test_no_text_makes_a_reader_fail(
    sample: Any, one: FileFormat, at: int, length: int, more: str
) -> None:  # fmt: skip
    text = sample.data.decode("utf-8", "replace")
    source = Source(read_text(text[:at] + more + text[at + length :]))
    reader = reader_of(one)
    assert 0 <= reader.claim(source) <= 1
    for entry in reader.read(source).entries:
        for span in (entry.request.span, entry.request.url_span) if entry.request else ():
            assert span is None or 0 <= span.start <= span.end <= len(source.text)
