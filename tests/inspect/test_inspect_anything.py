"""Whatever is pasted: nothing raises, nothing takes long, no credential comes out again."""

import json
import random
import signal
import string
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from pinned_tui.inspect.dispatch import INSPECTORS, look
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    read_input,
    read_text,
)
from pinned_tui.redaction.secret_strength import is_secret_worthy
from pinned_tui.session import Session, decode, encode
from tests.corpus.extremes import EXTREMES
from tests.corpus.judging import kind_of, leaks, session_of
from tests.corpus.planting import PLACES
from tests.corpus.reading import NOW, Item, items
from tests.fuzz.mutations import MUTATIONS
from tests.strategies import costly

T = TypeVar("T")

ITEMS = items()
FILES = [item.data for item in ITEMS]
_SECONDS = 5.0
"""The most of a processor's time that a small input may take."""


_often = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
_as_found = settings(_often, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""A failure is told as it was found: each example costs too much to look for a smaller one."""


def _share(kind: InputKind, inputs: Iterable[T], *, thorough: bool) -> list[T]:
    """Return what is taken for ``kind``: one in nine, so that each kind meets a part of all."""
    everything = list(inputs)
    return everything if thorough else everything[list(InputKind).index(kind) :: len(InputKind)]


class TooLongError(AssertionError):
    """An inspection took more of a processor's time than it may."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Break off what takes longer, so that a failure costs no minutes; POSIX only."""

    def stop(*_: object) -> NoReturn:
        raise TooLongError(f"more than {seconds} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _inspected(
    pasted: InputText, kind: InputKind | None = None
) -> tuple[Session, Inspection] | None:
    """Inspect as the commands do; None where the inspector isn't there yet."""
    wanted = kind or kind_of(pasted)
    if wanted is not None and wanted not in INSPECTORS:
        return None
    with _at_most(_SECONDS):
        inspection = look(pasted, InspectionContext(now=NOW), kind)
        session = session_of(pasted, inspection)
    assert inspection.kind is wanted
    assert session.outcome is not None
    assert decode(encode(session)) == session
    return session, inspection


def test_what_is_nothing_is_told_so() -> None:
    done = _inspected(read_input(b"\x00\x01\x02 nothing in particular"))
    assert done is not None
    assert done[0].first_cause == "input-unrecognised"


@_often
@given(st.binary(max_size=400), st.sampled_from([None, *InputKind]))
def test_any_bytes(data: bytes, kind: InputKind | None) -> None:
    _inspected(read_input(data), kind)


@_often
@given(st.text(st.characters(), max_size=300), st.sampled_from([None, *InputKind]))
def test_any_text_with_half_characters(text: str, kind: InputKind | None) -> None:
    _inspected(read_text(text), kind)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2027-03-28T02:30:00+01:00", "Europe/Berlin", "{{x}}", "Bearer x", "429"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "channelId",
                        "title",
                        "startAt",
                        "endAt",
                        "timezone",
                        "classifications",
                        "city",
                    ),
                    *("approxLocation", "placeId", "offers", "url", "availability", "coverImage"),
                    *("status", "error", "code", "message", "details", "requestId", "docs", "doc"),
                    *(
                        "totalDocs",
                        "page",
                        "limit",
                        "log",
                        "entries",
                        "request",
                        "response",
                        "name",
                    ),
                    *("headers", "value", "method", "postData", "text", "content", "queryString"),
                    *("cookies", "startedDateTime", "time", "timestamp", "msg", "body", "event"),
                    *("idempotencyKey", "data"),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@_often
@given(_json, st.sampled_from([None, *InputKind]))
def test_any_json_with_the_names_that_are_read(value: object, kind: InputKind | None) -> None:
    _inspected(read_text(json.dumps(value)), kind)


@_often
@given(st.lists(_json, min_size=2, max_size=6), st.sampled_from([None, InputKind.LOG]))
def test_any_lines_of_json(values: list[object], kind: InputKind | None) -> None:
    _inspected(read_text("\n".join(map(json.dumps, values))), kind)


@pytest.mark.parametrize(
    "command",
    [
        "curl --json @",
        "curl -d @ https://pinned.events/api/public/v1/events",
        "curl --data-urlencode title@ https://pinned.events/api/public/v1/events",
        "curl -T '' https://pinned.events/api/public/v1/events",
        "curl -F cover=@ https://pinned.events/api/public/v1/media",
        "http POST https://pinned.events/api/public/v1/events @",
        "wget --post-file= https://pinned.events/api/public/v1/events",
    ],
)
def test_a_body_of_a_file_without_a_name(command: str) -> None:
    _inspected(read_text(command))


def test_thousands_of_findings_are_cut_and_said() -> None:
    command = 'curl https://pinned.events/api/v1/x -H "Authorization: Token $K"\n'
    done = _inspected(read_text(command * 160))
    assert done is not None
    assert len(done[1].faults) == 300
    assert "findings-many" in {note.code for note in done[1].notes}


def test_a_secret_that_is_a_word_of_our_own_leaves_the_words() -> None:
    """A key such as ``found`` names a field of each finding, and must not rename it."""
    for word in ("found", "values", "subject", "detail"):
        text = f"curl https://u:{word}@pinned.events/api/v1/channels -H 'x-api-key: {word}'"
        assert _inspected(read_text(text)) is not None


def test_half_a_character_in_what_stands_where_a_key_does() -> None:
    message = '"message": "not accepted, api_key=Zq8w2Xn5Vt0Rk7LbYc\\ud8004"'
    _inspected(read_text(f'{{"error": {{"code": "invalid_api_key", {message}}}}}'))
    _inspected(read_text(f'web-1 | {{"error": {{"code": "invalid_api_key", {message}}}}}'))


@_often
@given(st.data())
def test_files_of_the_corpus_that_came_to_harm(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(FILES))

    def number(most: int) -> int:
        return data.draw(st.integers(0, most))

    for mutation in data.draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=4)):
        content = mutation(content, number, data.draw(st.sampled_from(FILES)))
    _inspected(read_input(content), data.draw(st.sampled_from([None, *InputKind])))


def test_a_secret_that_holds_our_own_words_leaves_the_causes_what_they_are() -> None:
    """A header that runs into a command is a secret with Idempotency-Key in it."""
    text = (
        "POST /api/public/v2/events HTTP/1.1\nHost: pinned.events\nAuthorization:curl -X POST"
        ' https://pinned.events/api/public/v1/events -H "Authorization: Bearer $KEY"'
        ' -H "Idempotency-Key: cms-12-create" \\\n -d \'{"channelId":101}\'\n'
    )
    told = _inspected(read_text(text))
    assert told is not None
    assert "idempotency-key-missing" in {verdict.cause for verdict in told[0].verdicts}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes(name: str, thorough: bool) -> None:
    _inspected(read_text(EXTREMES[name] if thorough else EXTREMES[name][:60_000]))


@pytest.mark.thorough
@pytest.mark.parametrize("kind", InputKind)
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_taken_for_anything(name: str, kind: InputKind) -> None:
    _inspected(read_text(EXTREMES[name]), kind)


def _drawn(seed: int) -> str:
    chance = random.Random(seed)
    signs = string.ascii_letters + string.digits + "-._"
    return f"q{''.join(chance.choices(signs, k=chance.randint(16, 48)))}7"


_secrets = st.integers(0, 2**64).map(_drawn).filter(is_secret_worthy)
"""Keys drawn by chance: any text would bring words of the product's own, which it may show."""


def _let_out(secret: str, text: str, kind: InputKind | None) -> list[str]:
    done = _inspected(read_text(text), kind)
    return [miss.told for miss in leaks((secret,), done[0])] if done else []


@pytest.mark.parametrize("place", PLACES)
@settings(_as_found, max_examples=costly(60))
@given(secret=_secrets)
def test_a_planted_credential_never_comes_out(place: str, secret: str) -> None:
    assert _let_out(secret, PLACES[place](secret), None) == []


@pytest.mark.parametrize("kind", InputKind)
@settings(_as_found, max_examples=costly(150))
@given(secret=_secrets)
def test_nor_where_the_person_names_another_kind(
    kind: InputKind, thorough: bool, secret: str
) -> None:
    places = _share(kind, PLACES, thorough=thorough)
    let_out = {place: _let_out(secret, PLACES[place](secret), kind) for place in places}
    assert {place: told for place, told in let_out.items() if told} == {}


@pytest.mark.parametrize("kind", InputKind)
def test_nor_does_one_of_the_corpus_where_the_person_names_another_kind(
    kind: InputKind, thorough: bool
) -> None:
    """Whatever it is taken for, too, a file of the corpus breaks nothing."""
    let_out = {}
    for item in _share(kind, ITEMS if thorough else ITEMS[::3], thorough=thorough):
        done = _inspected(read_input(item.data), kind)
        let_out[item.name] = [miss.told for miss in leaks(item.secrets, done[0])] if done else []
    assert {name: told for name, told in let_out.items() if told} == {}


@_as_found
@given(secret=_secrets, places=st.lists(st.sampled_from(sorted(PLACES)), min_size=2, max_size=3))
def test_nor_where_several_things_were_pasted_together(secret: str, places: list[str]) -> None:
    assert _let_out(secret, "\n\n".join(PLACES[place](secret) for place in places), None) == []


WITH_SECRETS = [item for item in ITEMS if item.secrets and item.forced is None]


@_as_found
@given(secret=_secrets, item=st.sampled_from(WITH_SECRETS))
def test_nor_where_another_key_stands_in_a_file_of_the_corpus(secret: str, item: Item) -> None:
    text = item.data.decode("utf-8")
    longest = max(item.secrets, key=len)
    assume(longest in text)
    assert _let_out(secret, text.replace(longest, secret), None) == []
