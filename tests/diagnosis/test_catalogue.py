"""The catalogue of causes: complete, strict, and readable with whatever was seen."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis import catalog as module
from pinned_tui.diagnosis.catalog import (
    DOCS_PAGES,
    FILES,
    LAYERS,
    SECTIONS,
    Catalog,
    CatalogError,
    Cause,
    load_catalogue,
    read_catalogue,
    worded,
)
from pinned_tui.diagnosis.templates import (
    PLACEHOLDERS,
    SentenceError,
    Values,
    check_sentence,
    fill,
)

IDS = re.findall(
    r"\S+",
    """
key-missing key-placeholder key-whitespace key-quoted key-invisible-characters key-non-ascii
key-masked key-includes-scheme key-includes-name key-encoded key-wrong-kind key-rejected
key-header-stripped key-works-with-x-api-key-only key-works-with-bearer-only key-lost
key-old-copy-in-use
auth-header-missing auth-scheme-missing auth-scheme-doubled auth-scheme-wrong auth-two-headers
auth-header-duplicated auth-in-url client-in-browser
scope-missing channel-not-accessible channel-access-lost channel-id-not-numeric channel-list-empty
channel-on-later-page forbidden-unexplained
url-insecure-scheme url-wrong-host url-wrong-path url-redirected method-wrong
net-dns net-refused net-timeout net-ipv6-broken net-tls-untrusted net-tls-invalid net-clock-skew
net-proxy-unreachable net-proxy-auth net-proxy-blocked net-captive-portal net-interrupted
edge-blocked edge-error server-error response-not-api response-malformed response-too-large
response-too-slow response-cached
body-empty body-malformed-json body-double-encoded body-not-utf8 body-wrapped
body-template-unrendered body-content-type field-missing field-misnamed field-wrong-type
datetime-no-offset datetime-malformed datetime-offset-mismatch datetime-utc-for-local
datetime-in-dst-gap datetime-ambiguous timezone-not-iana timezone-etc-sign end-not-after-start
start-in-past classification-unknown place-id-suspicious cover-image-not-an-id offer-url-invalid
offer-availability-unknown status-unknown payload-rejected
idempotency-key-missing idempotency-header-misspelled idempotency-key-random
idempotency-key-time-based idempotency-key-row-based idempotency-key-constant
idempotency-payload-changed idempotency-payload-unstable idempotency-in-progress
idempotency-window-expired idempotency-replay-misread duplicates-present
rate-limited rate-retry-after-ignored rate-no-backoff rate-burst rate-limited-by-edge
event-draft event-in-moderation event-wrong-channel event-in-past event-date-shifted
event-not-found event-offer-link-broken event-image-missing event-visible-by-api
list-stops-at-page-one list-limit-capped client-ignores-status request-id-missing
""",
)
"""The ids that are promised: none may go, none may change its meaning."""

NOTES = {"channel-on-later-page", "net-clock-skew", "response-cached", "request-id-missing"}
EXPLANATIONS = {"event-visible-by-api", "idempotency-replay-misread"}
INCONCLUSIVE = {
    cause_id
    for cause_id in IDS
    if cause_id.startswith(("net-", "edge-", "response-"))
    or cause_id in {"server-error", "rate-limited-by-edge"}
} - NOTES

LONGEST_SENTENCE = 220
LONGEST_TITLE = 72

SEEN: Values = {
    **{name: f"<{name}>" for name in PLACEHOLDERS},
    "status": 403,
    "count": 3,
    "detail": "This is what was seen.",
}

ROW = dedent("""\
    [[cause]]
    id = "thing-broken"
    section = "Network"
    layer = "network"
    outcome = "problem"
    title = "The thing is broken"
    summary = ["It broke."]
    possible_title = "The thing may be broken"
    possible = ["It may have broken."]
    fix = ["Repair it."]
    verify = "Run the same check again: the thing must work."
    docs = "troubleshooting"
    found_by = ["live"]
    """)


def every_cause(holds: Callable[[Cause], None]) -> Callable[[], None]:
    """Make one test of what has to hold of each cause; it names all of which it does not hold."""

    def test() -> None:
        failed = []
        for cause in load_catalogue():
            try:
                holds(cause)
            except AssertionError as error:
                failed.append(f"{cause.id}: {error}")
        assert not failed, "\n".join(failed)

    test.__doc__ = holds.__doc__
    return test


def sentences(cause: Cause) -> tuple[str, ...]:
    """Return all that is said of a cause, as it stands in the data."""
    return (
        cause.title,
        *cause.summary,
        cause.possible_title,
        *cause.possible,
        *cause.fix,
        cause.verify,
        *cause.alternatives,
        *((cause.unknowable,) if cause.unknowable else ()),
    )


def said(cause: Cause, values: Values) -> tuple[str, ...]:
    """Return all that is said of a cause when ``values`` were seen."""
    words = worded(cause, values)
    unknowable = (words.unknowable,) if words.unknowable else ()
    return (
        words.title, words.summary, *words.fix, words.verify, *words.alternatives, *unknowable,
    )  # fmt: skip


# What is in it


def test_every_promised_cause_is_there() -> None:
    assert len(IDS) == len(set(IDS)) == 114
    assert set(IDS) - {cause.id for cause in load_catalogue()} == set()


def test_outcomes_are_those_of_the_contract() -> None:
    outcomes = {cause.id: cause.outcome for cause in load_catalogue()}
    expected = {
        cause_id: "note"
        if cause_id in NOTES
        else "explanation"
        if cause_id in EXPLANATIONS
        else "inconclusive"
        if cause_id in INCONCLUSIVE
        else "problem"
        for cause_id in IDS
    }
    assert {cause_id: outcomes[cause_id] for cause_id in IDS} == expected


def test_every_data_file_is_read() -> None:
    folder = Path(module.__file__).parent / "data"
    assert {path.name for path in folder.glob("*.toml")} == set(FILES)


def test_a_catalogue_is_looked_up_by_id() -> None:
    catalogue = load_catalogue()
    assert catalogue is load_catalogue()
    assert tuple(catalogue) == catalogue.causes
    assert len(catalogue) == len(catalogue.causes)
    assert "key-rejected" in catalogue
    assert "key-unheard-of" not in catalogue
    assert catalogue.get("key-unheard-of") is None
    assert catalogue["key-rejected"] is catalogue.get("key-rejected")
    with pytest.raises(KeyError):
        catalogue["key-unheard-of"]


def test_layers_and_sections_are_in_the_order_of_a_request_and_of_the_guide() -> None:
    assert LAYERS[0] == "key"
    assert LAYERS.index("network") < LAYERS.index("responder") < LAYERS.index("authentication")
    assert LAYERS.index("scope") < LAYERS.index("channel") < LAYERS.index("body")
    assert SECTIONS[:9] == (
        "401 Unauthorized",
        "403 Forbidden",
        "Missing scope",
        "Wrong channelId",
        "Validation errors",
        "Duplicate events",
        "Rate limits",
        "Lost API key secret",
        "Event not visible",
    )


def test_every_section_of_the_guide_and_every_layer_has_a_cause() -> None:
    assert {cause.section for cause in load_catalogue()} == set(SECTIONS)
    assert {cause.layer for cause in load_catalogue()} == set(LAYERS)


@every_cause
def test_a_row_is_complete(cause: Cause) -> None:
    assert cause.summary
    assert len(cause.fix) >= 2
    assert cause.found_by
    assert len(set(cause.found_by)) == len(cause.found_by)
    assert cause.docs in DOCS_PAGES
    assert cause.docs_url == f"https://pinned.events/developers/docs/{cause.docs}"
    assert "again" in cause.verify or "sandbox" in cause.verify or "once more" in cause.verify


# How it is written


@every_cause
def test_sentences_are_short(cause: Cause) -> None:
    assert [text for text in sentences(cause) if len(text) > LONGEST_SENTENCE] == []
    for guess in (False, True):
        assert len(worded(cause, {}, guess=guess).title) <= LONGEST_TITLE


@every_cause
def test_sentences_end_as_sentences_do(cause: Cause) -> None:
    """A title has no full stop, and neither has a line that ends in a command or a value."""
    assert not cause.title.endswith(".")
    assert not cause.possible_title.endswith(".")
    for text in (*cause.summary, *cause.possible, *cause.fix, cause.verify):
        assert text.endswith((".", "}")) or ": " in text, text


@every_cause
def test_what_nobody_saw_is_said_in_the_conditional(cause: Cause) -> None:
    words = worded(cause, {}, seen=False, guess=True)
    assert re.search(r"\bmay\b", words.title)
    assert re.search(r"\b(may|If|would|could)\b", words.summary)
    assert words.summary != worded(cause, {}).summary
    for claim in ("was sent", "was answered", "The API answered", "is in the request"):
        assert claim not in words.summary


@every_cause
def test_a_step_of_the_fix_is_one_sentence(cause: Cause) -> None:
    assert [step for step in cause.fix if re.search(r"[.?] [A-Z]", step)] == []


@every_cause
def test_the_tone_is_plain(cause: Cause) -> None:
    for text in sentences(cause):
        assert "!" not in text
        assert "please" not in text.casefold()
        assert "simply" not in text.casefold()
        assert not re.search(r"[\U0001F000-\U0001FAFF\u2600-\u27BF]", text)
        assert "  " not in text


SPELLINGS = (
    "Developer Portal", "Idempotency-Key", "requestId", "channelId", "placeId", "Retry-After",
    "Content-Type", "Pinned Events", "startAt", "endAt", "coverImage", "hasNextPage", "totalDocs",
    "PINNED_EVENTS_API_KEY",
)  # fmt: skip


@every_cause
def test_names_are_spelt_as_the_vendor_spells_them(cause: Cause) -> None:
    for text, name in product(sentences(cause), SPELLINGS):
        without_ids = re.sub(r"\([a-z0-9-]+\)$", "", text)
        found = re.findall(re.escape(name), without_ids, re.IGNORECASE)
        assert set(found) <= {name}, text


@every_cause
def test_a_key_is_never_shown_as_anything_but_its_variable(cause: Cause) -> None:
    shown = re.compile(r"(?:Bearer|x-api-key:) (\S+)")
    prose = re.compile(r"[A-Za-z]{1,8}[.,]?")
    for text in sentences(cause):
        for value in shown.findall(text):
            assert value.startswith("$PINNED_EVENTS_API_KEY") or prose.fullmatch(value), text
    if cause.layer == "key" or cause.id.startswith(("key-", "auth-")):
        assert not any("{found" in text or "{suggestion" in text for text in sentences(cause))


COMMANDS = {
    "check": {
        "--channel", "--event", "--payload", "--need", "--allow-write-probes", "--base-url",
        "--timeout",
    },
    "sandbox": {"--scenario"},
}  # fmt: skip
SCENARIOS = {"rate-limited", "server-error", "healthy"}


@every_cause
def test_commands_of_ours_are_those_of_the_contract(cause: Cause) -> None:
    for text in sentences(cause):
        for command, rest in re.findall(r": pinned-tui (\w+)(.*)", text):
            assert command in COMMANDS
            assert set(re.findall(r"--[\w-]+", rest)) <= COMMANDS[command]
            assert set(re.findall(r"--scenario (\S+)", rest)) <= SCENARIOS


# With values and without


@every_cause
def test_it_reads_well_when_nothing_is_known(cause: Cause) -> None:
    for text in said(cause, {}):
        assert text
        assert not re.search(r"[{}|]", text), text
        assert not re.search(r"\.\.|  | [.,:;](?=\s|$)", text), text
    assert worded(cause, {}).fix


@every_cause
def test_it_reads_well_when_everything_is_known(cause: Cause) -> None:
    words = worded(cause, SEEN)
    assert len(words.fix) == len(cause.fix)
    assert len(words.alternatives) == len(cause.alternatives)
    for text in said(cause, SEEN):
        assert not re.search(r"[{}|]", text), text
        assert not re.search(r"\.\.|  | [.,:;](?=\s|$)", text), text


def test_a_sentence_without_its_value_is_left_out() -> None:
    cause = load_catalogue()["key-rejected"]
    assert "requestId" not in worded(cause, {}).summary
    assert "requestId" not in worded(cause, {"request_id": None}).summary
    assert "requestId" not in worded(cause, {"request_id": " \t"}).summary
    assert "The requestId is req_7." in worded(cause, {"request_id": "req_7"}).summary


def test_words_of_their_own_stand_in_for_a_value() -> None:
    cause = load_catalogue()["scope-missing"]
    assert worded(cause, {}).title == "The key lacks the scope that the route needs"
    words = worded(cause, {"subject": "events:read"})
    assert words.title == "The key lacks the scope events:read"
    assert words.fix[0].startswith("Ask the key's owner to add only events:read to this key")


def test_numbers_are_values_too_and_zero_is_one() -> None:
    assert fill("Status {status}.", {"status": 0}) == "Status 0."


def test_braces_in_values_mean_nothing() -> None:
    for value in ("{host}", "{{host}}", "{", "}", "{request_id|x}", "%s {0}", r"\1 \g<0>"):
        assert fill("Found {found} at {host}", {"found": value, "host": "h"}) == (
            f"Found {value} at h"
        )


def test_a_value_that_ends_its_sentence_gets_no_second_full_stop() -> None:
    assert fill("It says {issue}.", {"issue": "Unknown slug."}) == "It says Unknown slug."
    assert fill("It says {issue}.", {"issue": "Unknown slug"}) == "It says Unknown slug."
    assert fill("It says {issue|nothing}.", {}) == "It says nothing."
    assert fill("{detail|Nothing was seen.}", {"detail": "It was seen."}) == "It was seen."


def test_an_alternative_that_names_a_cause_is_told_in_its_words() -> None:
    words = worded(load_catalogue()["key-rejected"], {"subject": "{found}", "host": "h"})
    assert "The key seems to get lost on the way to the API (key-header-stripped)" in (
        words.alternatives
    )


def test_a_name_that_is_no_placeholder_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="chanel"):
        worded(load_catalogue()["key-rejected"], {"chanel": "42"})


values = st.dictionaries(
    st.sampled_from(sorted(PLACEHOLDERS)),
    st.none() | st.integers() | st.text() | st.sampled_from(["{", "}", "{{found}}", "{host|x}"]),
)
causes = st.sampled_from(load_catalogue().causes)


@given(causes, values)
def test_any_values_give_words(cause: Cause, seen: Values) -> None:
    words = worded(cause, seen)
    assert words.title
    assert words.summary
    assert words.fix
    assert words.verify
    assert len(words.fix) <= len(cause.fix)


@given(causes, values)
def test_what_is_not_known_changes_nothing(cause: Cause, seen: Values) -> None:
    known = {name: value for name, value in seen.items() if value is not None}
    assert worded(cause, seen) == worded(cause, known)


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="{}"), max_size=20))
def test_a_value_comes_out_as_it_went_in(value: str, around: str) -> None:
    filled = fill(f"{around}{{found}}{around}", {"found": value})
    if not value.strip():
        assert filled is None
    elif around.startswith("."):
        assert filled is not None
        assert value in filled
    else:
        assert filled == f"{around}{value}{around}"


@given(st.text(alphabet="{}|abfoundhost_.") | st.text())
def test_a_sentence_that_passes_the_check_can_be_filled(sentence: str) -> None:
    try:
        check_sentence(sentence)
    except SentenceError:
        return
    assert fill(sentence, SEEN) is not None


# The loader is strict


def read(folder: Path, **contents: str) -> Catalog:
    """Read a catalogue of the files ``contents``, by name without ending."""
    for name, content in contents.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return read_catalogue(folder, tuple(f"{name}.toml" for name in contents))


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert [cause.id for cause in read(tmp_path, good=ROW)] == ["thing-broken"]


def replaced(old: str, new: str) -> str:
    assert old in ROW
    return ROW.replace(old, new)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (replaced('layer = "network"', 'layer = "cable"'), "cable"),
        (replaced('section = "Network"', 'section = "Wires"'), "Wires"),
        (replaced('outcome = "problem"', 'outcome = "bad"'), "bad"),
        (replaced('docs = "troubleshooting"', 'docs = "faqs"'), "faqs"),
        (replaced('found_by = ["live"]', 'found_by = ["luck"]'), "luck"),
        (replaced('found_by = ["live"]', "found_by = []"), "found_by is empty"),
        (replaced('id = "thing-broken"', 'id = "Thing broken"'), "hyphens"),
        (ROW + 'colour = "red"\n', "colour"),
        (replaced('fix = ["Repair it."]\n', ""), "fix"),
        (replaced('fix = ["Repair it."]', "fix = []"), "fix needs a sentence"),
        (replaced("It broke.", "It broke at {found}."), "summary needs a sentence"),
        (replaced("It broke.", "It broke at {place}."), "unknown placeholder {place}"),
        (replaced("It broke.", "It broke at {host."), "stray brace"),
        (replaced("It broke.", "It broke at {host!r}."), "stray brace"),
        (replaced("It broke.", "It broke at {host.name}."), "stray brace"),
        (replaced("It broke.", "It broke }."), "stray brace"),
        (replaced("It broke.", " It broke."), "space at an end"),
        (replaced('["It broke."]', '["It broke.", ""]'), "blank"),
        (replaced('possible_title = "The thing may be broken"\n', ""), "possible_title"),
        (replaced("The thing may be broken", "The thing broke"), "must say that it may be so"),
        (replaced('possible = ["It may have broken."]\n', ""), "possible"),
        (replaced("It may have broken.", "It may be {found}."), "possible needs a sentence"),
        (replaced("The thing is broken", "The thing at {host} is broken"), "words of its own"),
        (replaced("the thing must work", "{subject} must work"), "words of its own"),
        (ROW + 'related = ["thing-lost"]\n', "no other cause thing-lost"),
        (ROW + 'related = ["thing-broken"]\n', "no other cause thing-broken"),
        (ROW + 'alternatives = ["thing-lost"]\n', "no other cause thing-lost"),
        (ROW + ROW, "the id is taken in bad.toml"),
    ],
)
def test_a_slip_is_refused_and_named(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(CatalogError) as caught:
        read(tmp_path, bad=content)
    message = str(caught.value)
    assert message.startswith("bad.toml: cause ")
    assert "hing" in message.split(":")[1]
    assert complaint in message


@pytest.mark.parametrize(
    "content",
    ["[[cause", "", 'cause = "x"', 'cause = ["x"]', f'{ROW}[other]\nx = 1\n', "[[causes]]\n"],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CatalogError, match=r"^bad\.toml: "):
        read(tmp_path, bad=content)


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"two\.toml: .*thing-broken.*taken in one\.toml"):
        read(tmp_path, one=ROW, two=ROW)


def test_a_missing_file_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.toml: can't be read"):
        read_catalogue(tmp_path, ("nowhere.toml",))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogError, match=r"bytes\.toml: can't be read"):
        read_catalogue(tmp_path, ("bytes.toml",))


def test_braces_in_the_title_of_an_alternative_stay_text(tmp_path: Path) -> None:
    other = ROW.replace("thing-broken", "brace-lost").replace(
        "The thing is broken", "A {{ got lost at {host|the host}"
    )
    catalogue = read(tmp_path, one=ROW + 'alternatives = ["brace-lost"]\n', two=other)
    words = worded(catalogue["thing-broken"], {"host": "h"})
    assert words.alternatives == ("A { got lost at the host (brace-lost)",)
