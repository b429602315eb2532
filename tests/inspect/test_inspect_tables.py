"""The tables of an inspection: read strictly, and consistent with what they are about."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

import pinned_tui.inspect
from pinned_tui.inspect.commands import curl, httpie
from pinned_tui.inspect.http_message import HeaderNames
from pinned_tui.inspect.known_formats import described
from pinned_tui.inspect.logs.fields import Names
from pinned_tui.inspect.network_errors import network_fault
from pinned_tui.inspect.payload import timezones, values
from pinned_tui.inspect.payload.field_names import CITY, OFFER, TOP
from pinned_tui.inspect.payload.timezones import guess, zone_names
from pinned_tui.inspect.tables import load_table

DATA = Path(pinned_tui.inspect.__file__).parent / "data"


def test_no_table_is_unused() -> None:
    """Each is named in the code that loads it, and each that is named is there."""
    sources = [path.read_text("utf-8") for path in DATA.parent.rglob("*.py")]
    for path in DATA.glob("*.toml"):
        assert any(f'load_table("{path.stem}"' in source for source in sources), path.name


TABLES: dict[str, type[msgspec.Struct]] = {
    "curl": curl._Options,
    "httpie": httpie._Options,
    "headers": HeaderNames,
    "zone_aliases": timezones._ZoneAliases,
    "words": values._Words,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_an_unknown_field_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (DATA / f"{name}.toml").read_text("utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / f"{name}.toml").write_text(f"unknown = 1\n{text}", "utf-8")
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match="unknown"):
        load_table(name, TABLES[name])


def test_the_names_of_log_fields_belong_to_one_role_each() -> None:
    table = load_table("log_fields", dict[str, list[str]])
    counts = Counter(name for names in table.values() for name in names)
    assert [name for name, count in counts.items() if count > 1] == []
    for name in counts:
        assert name == "".join(filter(str.isalnum, name.lower())), name
        assert Names().role(name) is not None


def test_all_zones_that_aliases_stand_for_exist() -> None:
    table = load_table("zone_aliases", dict[str, object])
    for part in ("abbreviations", "names"):
        aliases = table[part]
        assert isinstance(aliases, dict)
        for alias, zone in aliases.items():
            assert zone in zone_names(), alias
            assert alias == alias.upper()
            assert guess(alias, None).zone == zone, alias


def test_the_names_of_fields_are_those_of_the_api() -> None:
    table = load_table("field_names", dict[str, dict[str, object]])
    assert table.keys() <= {*TOP, *CITY, *OFFER}


def test_each_error_of_a_network_has_words_that_can_be_found() -> None:
    for cause, forms in load_table("network_errors", dict[str, list[str]]).items():
        assert cause.startswith("net-") or cause == "client-in-browser"
        plain = next(form for form in forms if form.replace(" ", "").replace("_", "").isalnum())
        fault = network_fault(f"pinned.events: {plain}")
        assert fault is not None
        assert fault.cause == cause


def test_a_known_format_is_called_by_its_name() -> None:
    said = described('{"openapi": "3.1.0", "paths": {}}')
    assert said is not None
    assert said.startswith("This looks like an OpenAPI document. Copy the one request")


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("query { events { id } }", "This looks like a GraphQL query. Copy the one request"),
        ("<!DOCTYPE html><html></html>", "This looks like a web page. If it came back"),
        (
            "PING pinned.events (203.0.113.10): 56 data bytes",
            "This looks like the output of ping. ",
        ),
        ("FROM python:3.12\nRUN pip install x", "This looks like a Dockerfile. Paste the lines"),
        ("id;title;start\n1;Jazz;2027-03-01", "This looks like a table of events. To check"),
    ],
)
def test_a_known_text_is_called_by_its_name(text: str, beginning: str) -> None:
    said = described(text)
    assert said is not None
    assert said.startswith(beginning)


@pytest.mark.parametrize("text", ["", "hello", "select me", "from me to you", "at home (today)"])
def test_other_texts_are_called_by_none(text: str) -> None:
    assert described(text) is None
