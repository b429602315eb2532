"""The situations that the sandbox can be put into: their data, read and checked.

The words and the numbers are in ``data/``: ``base.toml`` describes the world that all scenarios
share, and each scenario's file what is different in it, what goes wrong, and what mends it.
"""

import difflib
import functools
import tomllib
from importlib import resources
from typing import Any, Literal, TypeVar

import msgspec

from pinned_tui.guide.model import GuideSectionId
from pinned_tui.redaction.secret import may_be_key, quoted
from pinned_tui.sandbox.fixes import Effect
from pinned_tui.session import Scope

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class UnknownScenarioError(ValueError):
    """There is no scenario of that name; the message names the nearest one."""


class ScenarioDataError(ValueError):
    """A data file of the sandbox is wrong; the message says which, and where."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class PlaceData(_Data, frozen=True, kw_only=True):
    """A city, as events name it in ``approxLocation.city``."""

    place_id: str
    name: str
    country_code: str


class KeyData(_Data, frozen=True, kw_only=True):
    """A key; ``expires`` is a moment relative to the start."""

    id: str
    name: str
    owner: str
    scopes: tuple[Scope, ...]
    state: Literal["active", "revoked", "disabled"] = "active"
    created: str
    expires: str | None = None


class ChannelData(_Data, frozen=True, kw_only=True):
    """A channel with its owner and members."""

    id: int
    name: str
    slug: str
    owner: str
    members: tuple[str, ...] = ()


class EventData(_Data, frozen=True, kw_only=True):
    """An event; ``starts`` and ``created`` are moments relative to the start."""

    id: int
    title: str
    channel: int
    starts: str
    minutes: int
    created: str
    place: str
    classifications: tuple[str, ...]
    location: str | None = None
    status: Literal["draft", "published"] = "published"
    moderation: str = "approved"
    cover_image: int | None = None
    ticket_url: str | None = None


class MediaData(_Data, frozen=True, kw_only=True):
    """An uploaded picture."""

    id: int
    owner: str
    filename: str


class Base(_Data, frozen=True, kw_only=True):
    """The world that all scenarios share. ``order`` is the order in which they are offered."""

    order: tuple[str, ...]
    classifications: dict[str, str]
    places: dict[str, PlaceData]
    keys: tuple[KeyData, ...]
    channels: tuple[ChannelData, ...]
    events: tuple[EventData, ...]
    media: tuple[MediaData, ...]


class CheckData(_Data, frozen=True, kw_only=True):
    """What the story's person asks ``check`` for.

    Attributes:
        key: Id of the key that the person uses or has lost.
        in_hand: Whether they have its secret.
        payload: Name of the data file with the body of their create request.
        allow_write_probes: Whether the verdict needs a probe that does more than read.
    """

    key: str
    in_hand: bool = True
    channel: str | None = None
    event: str | None = None
    needs: tuple[Scope, ...] = ()
    payload: str | None = None
    allow_write_probes: bool = False


class Expected(_Data, frozen=True, kw_only=True):
    """The right verdict: what ``check`` must say first, before and after the fix.

    Attributes:
        subject: The verdict's subject, or None where it isn't known beforehand.
        exit_code: Of ``check``, as the table of exit codes has it.
    """

    cause: str
    subject: str | None = None
    exit_code: Literal[0, 1, 3]
    after_fix: str = "healthy"
    after_fix_exit_code: Literal[0, 1, 3] = 0


class Trouble(_Data, frozen=True, kw_only=True):
    """What goes wrong apart from what the world's data says.

    Attributes:
        failing: Every request answers 500.
        reachable: Whether the sandbox listens.
        rate_limited_s: The first request finds the key's window used up, for so many seconds.
    """

    failing: bool = False
    reachable: bool = True
    rate_limited_s: int | None = None


class Scenario(_Data, frozen=True, kw_only=True):
    """One situation. Its lists replace those items of the base world that have the same id.

    Attributes:
        story: Two sentences: who tried what, and what went wrong.
        section: The guide's section that leads to its verdict.
        leads: Sections of the guide for which this is the situation that the demo offers.
        not_sure: Whether it is the one for a person who doesn't know what they see.
        fix: What mends it, in words (``done``) and in effect.
    """

    title: str
    story: str
    section: GuideSectionId
    leads: tuple[GuideSectionId, ...] = ()
    not_sure: bool = False
    check: CheckData
    expected: Expected
    fix: Effect
    trouble: Trouble = Trouble()
    keys: tuple[KeyData, ...] = ()
    channels: tuple[ChannelData, ...] = ()
    events: tuple[EventData, ...] = ()
    media: tuple[MediaData, ...] = ()


@functools.cache
def base() -> Base:
    """Read the world that all scenarios share."""
    return _read("base", Base)


def scenario_names() -> tuple[str, ...]:
    """Return the names of all scenarios, in the order in which they are offered."""
    return base().order


@functools.cache
def load_scenario(name: str) -> Scenario:
    """Read the scenario ``name``.

    Raises:
        UnknownScenarioError: there is none of that name.
        ScenarioDataError: its file is wrong.
    """
    names = scenario_names()
    if name not in names:
        near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
        shown = "of that name" if may_be_key(name) else quoted(name)
        raise UnknownScenarioError(f"There is no scenario {shown}. {hint}")
    return _read(name, Scenario)


def load_payload(file_name: str) -> dict[str, Any]:
    """Read the body of a create request, with its moments still relative to the start."""
    return msgspec.json.decode(_data(file_name), type=dict[str, Any])


def _data(file_name: str) -> bytes:
    return resources.files(__package__).joinpath("data", file_name).read_bytes()


def _read(name: str, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.convert(tomllib.loads(_data(f"{name}.toml").decode()), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScenarioDataError(f"{name}.toml: {error}") from error
