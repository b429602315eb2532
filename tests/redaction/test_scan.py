"""What is a secret by its look, its place, its spelling or its value, and what is none."""

import random
import string
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InspectionContext, read_text
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.named_values import says_secret
from pinned_tui.redaction.public_values import is_public
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.scan import secret_values
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import Grade, grade, is_like_key, is_placeholder
from pinned_tui.redaction.tokens import is_key_token
from pinned_tui.tui.masking import mask

KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
SHORT = "q7Zr4tKw91"
UUID = "3d6f0a5c-9b1e-4c7d-8a2f-5e0b9c4d7a16"
REDACTOR = Redactor()

S2_BY_LOOK = [
    'client = PinnedEvents("{K}")',
    "exec: importer --once {K} --verbose",
    "authToken: {K}",
    "AuthToken: {K}",
    "GET /events?k={K} 401",
    "GET /channels/{K} 404",
    "# key {K}",
    "using api key {K} POST /events 401",
    "<{K}>",
    "note: {K}!",
    "see https://example.com/#{K}",
    "X-Request-Id: {K}",
    "commit {K}",
]
S3_BY_PLACE = [
    '{"Authorization":["{K}"]}',
    "Authorization=[{K}]",
    '{"name":"PINNED_EVENTS_API_KEY","value":"{K}"}',
    '{"key":"token","value":"{K}"}',
    '{\n  "apiKey":\n    "{K}"\n}',
    '{"secret":{"value":"{K}"}}',
    "apiKey2: {K}",
    "- name: PINNED_API_KEY\n  value: {K}",
    '<add key="ApiKey" value="{K}"/>',
    "<ApiKey>{K}</ApiKey>",
    "cli --token {K} --once",
    'setApiKey("{K}")',
    "token => {K}",
    "Header(name=authToken, value={K})",
    "Authorisation: Bearer {K}",
]


@pytest.mark.parametrize("template", [*S2_BY_LOOK, *S3_BY_PLACE])
def test_a_key_is_taken_out_wherever_it_stands(template: str) -> None:
    text = template.replace("{K}", KEY)
    assert find_leaks(REDACTOR.text(text), [Secret(KEY, source="test")]) == ()
    assert KEY in secret_values(text)


@pytest.mark.parametrize("value", [SHORT, UUID], ids=["a short one", "a UUID"])
@pytest.mark.parametrize("template", S3_BY_PLACE)
def test_a_place_makes_a_secret_of_what_looks_like_none(template: str, value: str) -> None:
    assert value not in REDACTOR.text(template.replace("{K}", value))


@pytest.mark.parametrize(
    "document",
    [
        {"headers": {"Authorization": [SHORT]}},
        {"env": [{"name": "PINNED_EVENTS_API_KEY", "value": SHORT}]},
        {"auth": {"apikey": [{"key": "value", "value": SHORT}]}},
        {"secret": {"value": SHORT}},
        {"password": {"data": [SHORT]}},
        {"apiKey2": SHORT},
        {"AuthToken": [SHORT]},
    ],
)
def test_a_json_value_is_a_secret_by_its_place(document: object) -> None:
    assert SHORT not in str(REDACTOR.json(document))


@pytest.mark.parametrize(
    "text",
    [
        "token_type: Bearer",
        "the key is missing",
        "token expired at 2026-11-28T10:00:00Z",
        "Idempotency-Key: cms-entry-77-create",
        "secretName: pinned-events-v2",
        "--key-file /tmp/key.txt",
        "token_url: https://auth.example.com/v1",
        "keys: 5",
        f"event {UUID}",
        f"Idempotency-Key: {UUID}",
        "requestId req_Tg6uHp1sNw3eJd9xBk0v",
    ],
)
def test_names_of_other_things_and_ids_stay(text: str) -> None:
    assert REDACTOR.text(text) == text


_COMMIT = "350f463cb339c1f8df5f072b77480f8158303943"
_DIGEST = "a1525ed252778d9189af63d3149a70c3147571c570b1d3dd00bdf36b20f447f4"


@pytest.mark.parametrize(
    "text",
    [
        f"bridge 2.7.1 commit={_COMMIT} GET /channels 401",
        f"commit {_COMMIT} (HEAD -> main)\nMerge: abc1234f def5678a",
        f"From {_COMMIT} Mon Sep 17 00:00:00 2001",
        f"index {_COMMIT}..{_DIGEST[:40]} 100644",
        f"HEAD is now at {_COMMIT} Fix it",
        f"GIT_SHA={_COMMIT}",
        f"Checking out {_COMMIT} as main",
        f"git checkout {_COMMIT}",
        f"{_COMMIT}\trefs/heads/main",
        f"image: acme/bridge@sha256:{_DIGEST}",
        f"pip install x --hash=sha256:{_DIGEST}",
        f"Container ID: {_DIGEST}",
        f"Idempotency-Key: {_COMMIT}",
        f"https://cdn.example.com/media/{_DIGEST}.jpg",
        "X-Amzn-Trace-Id: Root=1-666953a6-9c618f3a2ff0cc2300000000",
        "PINNED_SECRET_ARN=arn:aws:secretsmanager:eu-central-1:123456789012:secret:pinned/key-AbC123",
    ],
)
def test_a_hash_stays_where_something_says_that_it_is_one(text: str) -> None:
    assert REDACTOR.text(text) == text
    assert mask(text, []).shown == text


_CODED = "eyJhcGlLZXkiOiJwZV9saXZlX0pvM09tcVA3ZjZYZU02S3pEUUhmNFdnSElQY0xBbVdWIn0="
_SHORT_HASH = "5d13381304ff8bc2a84747a1254d0a2c"
_AMONG = "see\n{}\nGET https://pinned.events/api/public/v1/events 401\n"


@pytest.mark.parametrize(
    "text",
    [
        "requests==2.32.3 \\\n    --hash=sha256:" + _DIGEST,
        f"{_DIGEST}  importer-1.2.0-linux-amd64.tar.gz",
        f"{_DIGEST} *dist/importer-1.2.0.zip",
        f"{_DIGEST}  ./out/a.b.json\n{_DIGEST[::-1]}  README.md",
        f"SHA256 (importer-1.2.0.zip) = {_DIGEST}",
        "golang.org/x/net v0.30.0/go.mod h1:2wGyMJ5iFasEhkwi13ChkO/t1ECNC4X4eBKkVFyYFlU=",
        "arn:aws:lambda:eu-central-1:418820937715:function:importer-prod:37",
        "arn:aws:s3:::media-prod/covers/2026",
        "X-Amzn-Trace-Id: Root=1-ffe3d11a-8f43bbb61a63c3a89f7182f8",
        "/srv/releases/20261129183045/shared/pinned_events/v1/publisher.rb:118",
        "channels: open-air-12b-kino-2027, jazz-im-hof-halle-3a-vol-3",
        "channel: open-air-12b-kino-2026-wien-07-a1",
        "gs://media-prod/covers/2026/11/29/71882-original.jpg copied (mediaId 5512)",
        "at r (https://x.example/_next/static/chunks/main-104bba2abab20e56.js:1:48213)",
        "at t (https://x.example/assets/index-3f9ab21cd0417e55.mjs:2:11)",
        '{"event_id": "' + _SHORT_HASH + '", "level": "error"}',
        '{"venue_id": "' + _SHORT_HASH + '", "level": "error"}',
        '{"_id": {"$oid": "5ecf526d0352bb87a41395ae"}, "source": "crm"}',
        "/nix/store/0c7jrnn8r7bpzxlpv1dxhbj5q2yk3sl9-python3-3.12.4/bin/python: not found",
    ],
)
def test_what_says_itself_what_it_is_stays_on_the_screen(text: str) -> None:
    """A hash in a list, the ID of a record, a path, a slug: alone and among other lines."""
    for one in (text, _AMONG.format(text)):
        inspection = look(read_text(one), InspectionContext(now=datetime(2026, 11, 28, tzinfo=UTC)))
        assert mask(one, inspection.secrets).shown == one
        assert REDACTOR.text(one) == one


@pytest.mark.parametrize(
    "text",
    [
        _DIGEST,
        f"sent {_DIGEST} notes.txt",
        '{"keyHash": "' + _DIGEST + '"}',
        '{"hashedToken": "' + _DIGEST + '"}',
        f"api_key_sha256: {_DIGEST}",
        '{"session_id": "' + _SHORT_HASH + '"}',
        '{"access_key_id": "' + _SHORT_HASH + '"}',
        f"/nix/store/{KEY}",
        f"channels: {KEY}, open-air-12b",
    ],
)
def test_a_hash_of_a_key_and_what_logs_in_is_hidden(text: str) -> None:
    inspection = look(read_text(text), InspectionContext(now=datetime(2026, 11, 28, tzinfo=UTC)))
    for shown in (mask(text, inspection.secrets).shown, REDACTOR.text(text)):
        assert not any(one in shown for one in (_DIGEST, _SHORT_HASH, KEY))


@pytest.mark.parametrize("place", ["key {}", "api key={}", "token {}", "x-api-key: {}", "sent {}"])
def test_a_hash_is_a_key_where_nothing_says_otherwise(place: str) -> None:
    assert _COMMIT not in REDACTOR.text(place.format(_COMMIT))


@pytest.mark.parametrize(
    ("text", "secret", "stays"),
    [
        ("DB_URL=postgres://ev:Badura4711@db.example.com:5432/ev?ssl=on\nLOG=debug", "Badura4711",
         ["db.example.com:5432/ev?ssl=on", "LOG=debug"]),
        ("C=Server=sql.example.com;User Id=ev;Password=Badura4711;Encrypt=true", "Badura4711",
         ["sql.example.com", "Encrypt=true"]),
        ('CFG={"creds":{"bearer":"' + KEY + '"},"channels":[41,42]}', KEY, ["[41,42]"]),
        (f"PINNED_KEY=${{{KEY}}}\nPINNED_CHANNEL=42", KEY, ["PINNED_CHANNEL=42"]),
        ("Idempotency-Key: nightly-import-2026-06-12\n409 conflict", "\0",
         ["nightly-import-2026-06-12", "409 conflict"]),
        ("curl -x http://proxy.example.com:3128 -U 'svc:Qw!zen#Tr' https://x.test/", "Qw!zen#Tr",
         ["proxy.example.com:3128"]),
        ('mongoose.connect("mongodb+srv://ev:Badura4711@c7.db.example.com/gigs?retryWrites=true")',
         "Badura4711", ["c7.db.example.com", "retryWrites=true"]),
        ("https://media.example.com/covers/771.jpg?X-Amz-Expires=900&X-Amz-Signature=" + _DIGEST,
         _DIGEST, ["covers/771.jpg?X-Amz-Expires=900&X-Amz-Signature="]),
        ("cfg=&{BaseURL:https://pinned.events APIKey:" + KEY[8:] + " ChannelID:83 Timeout:30s}",
         KEY[8:], ["ChannelID:83", "Timeout:30s", "https://pinned.events"]),
        (f"SYNC_SECRET={_CODED}\nSYNC_MODE=nightly\n", "eyJhcGlLZX", ["SYNC_MODE=nightly"]),
        ("export PINNED_EVENTS_API_KEY=" + KEY + " # old: not after 2026-06-30\nCHANNEL=42", KEY,
         ["not after 2026-06-30", "CHANNEL=42"]),
        ("PINNED_EVENTS_API_KEY=op://Production/pinned-events/credential\nLOG=debug", "\0",
         ["op://Production/pinned-events/credential"]),
        ("what failed: events-prod-7f9c6d5b8-x2k4q.compute.internal", "\0", ["7f9c6d5b8-x2k4q"]),
    ],
)  # fmt: skip
def test_only_what_is_secret_is_hidden_on_the_screen(
    text: str, secret: str, stays: list[str]
) -> None:
    inspection = look(read_text(text), InspectionContext(now=datetime(2026, 11, 28, tzinfo=UTC)))
    shown = mask(text, inspection.secrets).shown
    assert secret not in shown
    assert [one for one in stays if one not in shown] == []


@pytest.mark.parametrize(
    "name", ["authToken", "AuthToken", "api_key2", "X-Api_Key", "Authorisation", "PE_SECRET",
             "pinnedEventsKey", "client-secret", "x-apikey", "Autorization", "dbPassword"]
)  # fmt: skip
def test_near_misses_of_names_say_secret(name: str) -> None:
    assert says_secret(name)


@pytest.mark.parametrize(
    "name", ["Idempotency-Key", "token_type", "keyFile", "primary_key", "author", "title", "monkey",
             "authority", "tokenizer", "key_id", "tokens"]
)  # fmt: skip
def test_other_names_do_not(name: str) -> None:
    assert not says_secret(name)


def test_a_secret_found_once_is_found_in_other_encodings() -> None:
    """S2: by value."""
    text = f"token={SHORT}xYz\nnote: {(SHORT + 'xYz').encode().hex(':')}\n"
    secrets = [Secret(value, source="pasted") for value in secret_values(text)]
    assert find_leaks(Redactor(secrets).text(text), secrets) == ()


def test_what_kubernetes_holds_is_a_secret_decoded_too() -> None:
    coded = "cGVfbGl2ZV85ZktxMkxtWDd2VHo0UmJXOGNZZDNIblM="
    assert {coded, KEY} <= set(secret_values(f"data:\n  api-key: {coded}\n"))


def test_base64_of_a_sentence_hides_the_value_and_not_the_sentence() -> None:
    coded = "SGVsbG8gb3BlbmluZyBob3Vycw=="
    found = secret_values(f"data:\n  api-key: {coded}\n")
    assert coded in found
    assert "Hello opening hours" not in found


@pytest.mark.parametrize("name", ["key", "-key", "_key", ".keys", "key."])
def test_a_key_by_no_other_name_than_that_is_found_with_the_signs_around_it(name: str) -> None:
    assert secret_values(f"{name}=9fKq2LmX7vTz4R") == ("9fKq2LmX7vTz4R",)


@pytest.mark.parametrize(
    "before",
    ["", "importer\nCHANNEL=7\n", "of\nopening hours\n", "X-Request-Id: 8eGp4MnY6w\nK3sVa5TcX9\n"],
    ids=["nothing", "a setting", "a short line", "an ID"],
)
def test_a_key_that_a_mail_has_cut_is_found_after_lines_that_are_whole(before: str) -> None:
    line = "and this is the one that you have asked me about: 9fKq2LmX7vTz4R"
    text = f"{before}{line}\nbW8cYd3HnS is it"
    assert "9fKq2LmX7vTz4RbW8cYd3HnS" in secret_values(text)
    assert "bW8cYd3HnS" not in REDACTOR.text(text)


@pytest.mark.parametrize(
    "first", ["pe_live_", "pe_live_9fK", "pe_live_9fKq2L", "pe_live_9fKq2LmX7v"]
)
def test_a_key_is_found_wherever_after_its_prefix_it_is_cut(first: str) -> None:
    rest = "mX7vTz4RbW8cYd3HnS5pQ"
    shown = Redactor().text(f"send {first}\n{rest} ok")
    assert rest not in shown
    assert "ok" in shown


@pytest.mark.parametrize(
    "text", ["set pe_live_key\nthen restart the 2nd one", "pk_live_example\nsee docs"]
)
def test_a_prefix_before_words_on_the_next_line_hides_nothing(text: str) -> None:
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<", ">"), ("{", "}"), ("{{", "}}"), ("[", "]"), ("${", "}"), ("%", "%"), ("$", ""),
     ("#{", "}"), ("$env:", ""), ("__", "__")],
)  # fmt: skip
def test_brackets_around_a_real_key_are_no_placeholder(opening: str, closing: str) -> None:
    """S1."""
    assert not is_placeholder(f"{opening}{KEY}{closing}")
    assert KEY not in REDACTOR.text(f"Authorization: Bearer {opening}{KEY}{closing}")


@pytest.mark.parametrize(
    "text",
    ["<your key>", "{{api_key_2}}", "${PINNED_EVENTS_API_KEY_2}", "$KEY2", "%API_KEY%", "[key-1]",
     "{apiKey}", "<pinned-events-production-key-2027>"],
)  # fmt: skip
def test_names_in_brackets_are_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "code",
    ['"Bearer ${System.getenv("PINNED_EVENTS_API_KEY")}"', "f'Bearer {os.environ['PINNED_KEY']}'",
     '$"Bearer {Environment.GetEnvironmentVariable("PINNED_EVENTS_API_KEY")}"',
     '"Bearer #{ENV["PINNED_KEY_2"]}"', '"Bearer $(cat "key.txt")"'],
)  # fmt: skip
def test_a_call_that_fetches_the_key_stays_readable_though_its_quotes_end_it(code: str) -> None:
    assert Redactor().text(f"header('Authorization', {code})") == f"header('Authorization', {code})"


def test_a_key_with_the_brackets_of_a_call_is_hidden() -> None:
    assert KEY not in Redactor().text(f"Authorization: Bearer ${{{KEY}(")


PUBLIC = ["https://pinned.events", "http://127.0.0.1:8080/api/public/v1", "pinned.events",
          "authentication", "scope-missing", "application/json", "text/html; charset=utf-8",
          "2026-11-28T10:00:00Z", "2026-11-28", "10:15:00", "/srv/importer/config"]  # fmt: skip


@pytest.mark.parametrize("value", PUBLIC)
def test_what_everybody_knows_is_no_secret(value: str) -> None:
    """C5: our own texts hold it, and looking for it would hold all of them back."""
    assert is_public(value)
    assert grade(value) is Grade.NONE
    secret = [Secret(value, source="environment")]
    text = f"GET {value} at {value}: see {value}."
    assert Redactor(secret).text(text) == text
    assert find_leaks(text, secret) == ()


@pytest.mark.parametrize(
    "value",
    [KEY, UUID, "hunter2!", "https://user:hunter2@pinned.events/", "https://pinned.events/?t=a1b2",
     f"https://pinned.events/{KEY}", "qzvwkxjhrpbdnq", "swordfish-zebra"],
)  # fmt: skip
def test_what_only_looks_public_is_a_secret(value: str) -> None:
    assert not is_public(value)
    assert grade(value) is not Grade.NONE


# -- properties ----------------------------------------------------------------------------------

_BASE62 = string.ascii_letters + string.digits
_ALPHABETS = {
    "base62": _BASE62,
    "base64, URL-safe": _BASE62 + "-_",
    "hexadecimal": "0123456789abcdef",
    "base32": "abcdefghijklmnopqrstuvwxyz234567",
}


def _drawn(alphabet: str, seed: int) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=32))


def _keys() -> st.SearchStrategy[str]:
    """Keys as they are drawn by chance, with or without a prefix; every kind of sign is in them."""
    kinds = [st.integers(0, 2**32).map(partial(_drawn, one)) for one in _ALPHABETS.values()]
    cores = st.one_of(kinds)
    prefixes = st.sampled_from(["", "pe_live_", "sk_", "pinned-", "KEY."])
    return st.tuples(prefixes, cores).map("".join)


@given(_keys(), st.sampled_from([*S2_BY_LOOK, *S3_BY_PLACE]))
def test_a_key_of_chance_never_survives(key: str, template: str) -> None:
    named_an_id = "Request-Id" in template or "commit" in template
    assume(any(map(str.isdigit, key)))  # a few of those that are drawn are letters only
    assume(not named_an_id or key.startswith(("pe_live_", "sk_")))
    shown = REDACTOR.text(template.replace("{K}", key))
    assert find_leaks(shown, [Secret(key, source="test")]) == ()


_WORDS = """
    jazz night open air vienna wien graz festival concert summer winter kino theater lesung
    workshop market import export create update retry batch staging prod event channel
"""
_WORD = st.sampled_from(_WORDS.split())
_NUMBER = st.integers(0, 10**9).map(str)
_SLUGS: st.SearchStrategy[str] = st.tuples(
    st.lists(_WORD | _NUMBER, min_size=2, max_size=8), st.sampled_from("-_./")
).map(lambda parts: parts[1].join(parts[0]))
_IDS: st.SearchStrategy[str] = st.one_of(
    st.uuids().map(str), st.uuids().map(lambda one: f"event-{one}-create"), _SLUGS, _NUMBER
)
_AROUND: list[Callable[[str], str]] = [
    "event {} was created".format,
    '{{"slug": "{}", "title": "x"}}'.format,
    "GET https://pinned.events/api/public/v1/events/{} 404".format,
    "Idempotency-Key: {}".format,
]


@given(_IDS, st.sampled_from(_AROUND))
def test_words_slugs_and_uuids_survive(one: str, around: Callable[[str], str]) -> None:
    text = around(one)
    assert REDACTOR.text(text) == text


@given(st.text(max_size=80) | st.text(_BASE62 + "-_./=<>{}[]()\"'\\%&:\n ", max_size=200))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once


def test_a_key_token_is_told_from_a_name() -> None:
    assert is_key_token(KEY)
    assert is_like_key(KEY)
    assert not is_key_token("pinned-events-importer-2027-03-05")
