"""Payloads as the inspection corrects them, sent to the API over HTTP: they are accepted."""

import json
from typing import Any

import pytest

from pinned_tui.inspect.model import InspectionContext
from pinned_tui.inspect.payload import inspect_body
from tests.sandbox.sandbox_support import START, Api, good_event

GOOD = json.dumps(good_event(), indent=2)


def changed(**changes: Any) -> str:
    return json.dumps(good_event(**changes), indent=2)


def renamed(old: str, new: str) -> str:
    return GOOD.replace(f'"{old}"', f'"{new}"')


BROKEN = {
    "python": repr(good_event(startAt="02.07.2026 12:00", channelId="101")),
    "trailing comma": GOOD[:-2] + ",\n}",
    "no last brace": GOOD[:-2],
    "comments": GOOD.replace("101,", "101, // the hall"),
    "byte order mark": "\ufeff" + GOOD,
    "wrapped": json.dumps({"data": good_event()}),
    "a list of one": json.dumps([good_event()]),
    "encoded twice": json.dumps(GOOD),
    "channel in quotes": changed(channelId="101"),
    "no offset": changed(startAt="2026-07-02T12:00:00"),
    "an offset of winter": changed(startAt="2026-07-02T12:00:00+01:00"),
    "a local form": changed(startAt="02.07.2026, 12:00 Uhr"),
    "milliseconds": changed(startAt=1782986400000),
    "a zone in small letters": changed(timezone="europe/vienna"),
    "a name of Windows": changed(timezone="W. Europe Standard Time"),
    "one classification": changed(classifications="concert"),
    "a display name": changed(classifications=["Classical music"]),
    "a status in capitals": changed(status="Published"),
    "another name": renamed("startAt", "start_date"),
    "snake case": renamed("channelId", "channel_id"),
    "an address without scheme": changed(offers=[{"name": "T", "url": "tickets.example/1"}]),
    "an availability in capitals": changed(
        offers=[{"name": "T", "url": "https://t.example", "availability": "Available"}]
    ),
}


def sent(api: Api, text: str) -> int:
    headers = api.headers | {"Content-Type": "application/json"}
    return api.send("POST", "/events", headers=headers, content=text.encode()).status_code


@pytest.mark.parametrize("name", BROKEN)
def test_what_was_refused_is_accepted_once_corrected(name: str, api: Api) -> None:
    text = BROKEN[name]
    found = inspect_body(text, InspectionContext(now=START))
    assert found.corrected is not None
    assert sent(api, found.corrected) == 201
    if name not in {"an offset of winter", "a name of Windows"}:
        assert sent(api, text) == 400
