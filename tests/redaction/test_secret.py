"""A Secret must not show itself, whichever way it is looked at."""

import copy
import dataclasses
import io
import json
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.pretty import Pretty

from pinned_tui.core.demo import Situation, SituationCard
from pinned_tui.redaction.secret import Secret, shape

VALUE = "q7Zr_4tKw-91xVbN"


@pytest.fixture
def secret() -> Secret:
    return Secret(VALUE, source="file", name="key-2")


def test_reveal_returns_the_value_untouched() -> None:
    assert Secret(" a\n", source="prompt").reveal() == " a\n"


def test_the_parts_that_may_be_told(secret: Secret) -> None:
    assert (secret.name, secret.token, secret.source) == ("key-2", "[key-2]", "file")
    assert Secret("x", source="prompt").name == "key-1"


@pytest.mark.parametrize(
    "show",
    [repr, str, format, "{!r}".format, "{!s}".format, "%s".__mod__, "%r".__mod__, ascii, dir],
)
def test_no_way_of_printing_shows_it(secret: Secret, show: object) -> None:
    assert callable(show)
    assert VALUE not in str(show(secret))


def test_format_pads_the_stand_in(secret: Secret) -> None:
    assert f"{secret:>16}" == "   Secret(key-2)"


def test_rich_and_tracebacks_with_locals_do_not_show_it(secret: Secret) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    console.print(Pretty({"secret": secret}, expand_all=True))
    try:
        int(f"{secret}")
    except ValueError as error:
        console.print_exception(show_locals=True)
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "Secret(key-2)" in out.getvalue()
    assert VALUE not in out.getvalue() + "".join(report.format())


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_can_not_be_pickled(secret: Secret, protocol: int) -> None:
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret, protocol)
    with pytest.raises(TypeError, match="pickled"):
        secret.__getstate__()


@pytest.mark.parametrize("encode", [json.dumps, msgspec.json.encode, msgspec.msgpack.encode])
def test_it_can_not_be_serialised(secret: Secret, encode: object) -> None:
    assert callable(encode)
    with pytest.raises(TypeError):
        encode({"secret": secret})
    with pytest.raises(TypeError):
        encode(msgspec.structs.asdict(secret.facts()) | {"key": secret})


def test_copies_are_the_object_itself(secret: Secret) -> None:
    assert copy.copy(secret) is secret
    card = SituationCard(name="n", title="t", story="s", section="forbidden")
    situation = Situation(card=card, base_url="http://127.0.0.1:1", secret=secret)
    assert dataclasses.asdict(situation)["secret"] is secret
    assert VALUE not in repr(situation)


def test_it_has_no_dict_and_can_not_be_changed(secret: Secret) -> None:
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(AttributeError):
        secret.extra = 1
    with pytest.raises(AttributeError):
        secret._value = "other"
    with pytest.raises(AttributeError):
        del secret._value
    assert secret.reveal() == VALUE


def test_equality_is_of_values_and_there_is_no_hash(secret: Secret) -> None:
    assert secret == Secret(VALUE, source="environment")
    assert secret != Secret(VALUE + "x", source="file", name="key-2")
    assert secret != VALUE
    with pytest.raises(TypeError, match="unhashable"):
        hash(secret)


@given(st.text(), st.text())
def test_equality_holds_for_any_text(one: str, other: str) -> None:
    assert (Secret(one, source="a") == Secret(other, source="b")) is (one == other)


def test_lone_surrogates_can_be_compared() -> None:
    assert Secret("\udc80", source="a") == Secret("\udc80", source="b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing"),
        ("abc", "letters"),
        ("ab1", "letters and digits"),
        ("ab_1", "letters, digits and _"),
        ("ab-1_=", "letters, digits, _, - and ="),
        ("a!?", "letters and other signs"),
        ("a b\n", "letters, spaces and line breaks"),
        ("a\u00a0\u2028", "letters, spaces and line breaks"),
        ("\x00", "control characters"),
        ("\u200b\ufeff", "invisible characters"),
        ("\u0430\u0431", "letters beyond ASCII"),
        ("“1”", "digits and signs beyond ASCII"),
    ],
)
def test_shape_names_the_classes(text: str, words: str) -> None:
    assert shape(text) == words


def test_facts_tell_length_and_shape_only(secret: Secret) -> None:
    facts = secret.facts()
    assert (facts.source, facts.length) == ("file", 16)
    assert facts.shape == "letters, digits, _ and -"


@given(st.text())
def test_any_two_texts_with_the_same_classes_have_the_same_shape(text: str) -> None:
    assert shape(text) == shape(text[::-1]) == shape(text * 2)
