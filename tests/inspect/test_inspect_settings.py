"""Settings with the key and the address of the API: env files, profiles, YAML, JSON."""

import base64
import json

import pytest

from pinned_tui.inspect.model import InputKind
from pinned_tui.session import Certainty, Outcome
from tests.inspect.outcomes import causes, concluded, outcome

KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
LINE = f"PINNED_EVENTS_API_KEY={KEY}"

HEALTHY = {
    "one line": f"{LINE}\n",
    "of a profile": f'export PINNED_EVENTS_API_KEY="{KEY}"\n',
    "of PowerShell": f"$env:PINNED_EVENTS_API_KEY = '{KEY}'\n",
    "another name": f"API_KEY={KEY}",
    "a file": f"NODE_ENV=production\n# Pinned\n{LINE}\nPORT=3000\n",
    "with the address": f"{LINE}\nPINNED_EVENTS_BASE_URL=https://pinned.events\n",
    "with the namespace": f"{LINE}\nPINNED_EVENTS_BASE_URL=https://pinned.events/api/public/v1\n",
    "YAML": f'pinned:\n  api_key: "{KEY}"\n  base_url: https://pinned.events\n',
    "JSON": json.dumps({"apiKey": KEY, "baseUrl": "https://pinned.events"}),
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY)
def test_settings_as_they_should_be_are_healthy(text: str) -> None:
    inspection, session = concluded(text)
    assert causes(text) == []
    assert session.outcome is Outcome.HEALTHY
    assert KEY in {secret.reveal() for secret in inspection.secrets}


def test_a_line_alone_is_possibly_the_whole_value() -> None:
    found = concluded(LINE)[1].verdicts
    assert [(one.cause, one.certainty) for one in found] == [
        ("key-includes-name", Certainty.POSSIBLE)
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [(LINE, InputKind.KEY), (f"x-api-key: {LINE}", None), (f"PINNED_EVENTS_API_KEY={LINE}", None),
     (f"x-api-key: {KEY}", None)],
)  # fmt: skip
def test_a_name_in_what_is_said_to_be_the_value_is_a_problem(
    text: str, kind: InputKind | None
) -> None:
    session = concluded(text, kind)[1]
    assert session.verdicts[0].cause == "key-includes-name"
    assert session.verdicts[0].certainty is Certainty.CONFIRMED
    assert session.outcome is Outcome.PROBLEM


ADDRESSES = {
    "https://pinned.events/developers/docs": "url-wrong-path",
    "https://pinned.events/api/public/v1/api/public/v1": "url-wrong-path",
    "https://pinned.events/api/v1": "url-wrong-path",
    "https://pinned.events/api/public/v2": "url-wrong-path",
    "http://pinned.events": "url-insecure-scheme",
    "https://www.pinned.events": "url-wrong-host",
    "https://api.pinned.events/api/public/v1": "url-wrong-host",
    "https://gateway.example": "url-wrong-host",
}


@pytest.mark.parametrize(("address", "cause"), ADDRESSES.items(), ids=list(ADDRESSES))
def test_a_wrong_base_url_is_named_wherever_it_stands(address: str, cause: str) -> None:
    for text in (
        f"{LINE}\nPINNED_EVENTS_BASE_URL={address}\n",
        f"PINNED_EVENTS_BASE_URL={address}\n",
        f"services:\n  sync:\n    environment:\n    - {LINE}\n    - PINNED_EVENTS_URL={address}\n",
        f"pinned:\n  pinned_base_url: {address}\n  api_key: {KEY}\n",
        json.dumps({"pinned": {"pinnedBaseUrl": address, "apiKey": KEY}}),
    ):
        assert causes(text)[:1] == [cause]
        assert outcome(text) is Outcome.PROBLEM


@pytest.mark.parametrize(
    ("value", "cause"),
    [("", "key-missing"), ("your_api_key", "key-placeholder"),
     (f"Bearer {KEY}", "key-includes-scheme"),
     (f"'{KEY}'", "key-quoted"), ("xxxxxxxxxxxx", "key-placeholder")],
)  # fmt: skip
def test_what_is_wrong_with_the_key_is_named(value: str, cause: str) -> None:
    text = (
        f"PORT=3000\nPINNED_EVENTS_API_KEY={value}\nPINNED_EVENTS_BASE_URL=https://pinned.events\n"
    )
    assert causes(text)[:1] == [cause]


@pytest.mark.parametrize(
    "text",
    ["NODE_ENV=production\nDATABASE_URL=postgres://feed@db.internal:5432/feed\n",
     "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n",
     "STRIPE_SECRET_KEY=sk_live_9fKq2LmX7vTz4RbW8cYd3HnS\nPORT=1\n",
     "PINNED_EVENTS_DOCS_URL=https://pinned.events/developers/docs\nPORT=1\n",
     "PINNED_EVENTS_API_KEY=${SECRET}\nPORT=3000\n",
     f"PINNED_EVENTS_API_KEY={KEY[:8]}****\nPORT=3000\n"],
)  # fmt: skip
def test_settings_of_something_else_are_not_judged(text: str) -> None:
    assert outcome(text) is Outcome.INCONCLUSIVE


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PLACES = {
    "a list of a compose file": (f"environment:\n  - PINNED_API_KEY='{KEY}'\n", "key-quoted"),
    "a map of a compose file": (f"environment:\n  PINNED_API_KEY: '{KEY}'\n", None),
    "a Secret with a line end": (
        f"kind: Secret\ndata:\n  PINNED_API_KEY: {encoded(KEY + chr(10))}\n",
        "key-whitespace",
    ),
    "a Secret": (f"kind: Secret\ndata:\n  PINNED_API_KEY: {encoded(KEY)}\n", None),
    "a container": (json.dumps([{"Config": {"Env": [f'PINNED_API_KEY="{KEY}"']}}]), "key-quoted"),
    "a batch file": (f'set PINNED_API_KEY="{KEY}"\nset PORT=1\n', "key-quoted"),
    "a profile": (f'export PINNED_API_KEY="{KEY}"\nexport PORT=1\n', None),
    "a unit": (f'[Service]\nEnvironment="PINNED_API_KEY={KEY}"\nRestart=always\n', None),
    "TOML": (f'[pinned]\napi_key = "{KEY}"\nretries = 3\n', None),
}


@pytest.mark.parametrize(("text", "cause"), PLACES.values(), ids=PLACES)
def test_the_file_decides_what_a_value_comes_to(text: str, cause: str | None) -> None:
    found = [(one.cause, one.certainty) for one in concluded(text)[1].verdicts]
    assert found == ([(cause, Certainty.CONFIRMED)] if cause else [])


def test_the_key_of_another_service_is_neither_judged_nor_shown() -> None:
    text = f"STRIPE_API_KEY='sk_live_4eC39HqLyjWDarjtT1zdp7dc'\n{LINE}\nPORT=1\n"
    inspection, session = concluded(text)
    assert session.outcome is Outcome.HEALTHY
    assert "sk_live_4eC39HqLyjWDarjtT1zdp7dc" in {one.reveal() for one in inspection.secrets}


def test_keys_that_differ_are_noted() -> None:
    text = f"{LINE}\n{LINE[:-4]}Zz9Q\n"
    assert [note.code for note in concluded(text)[0].notes] == ["keys-differ"]
