"""The situations that the sandbox can be put into: their data, read and checked.

The words and the numbers are in ``data/``: ``base.toml`` describes the world that all scenarios
share, and each scenario's file what is different in it, what goes wrong, and what fixes it.
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
from pinned_tui.sandbox.world import Key, Media, SandboxChannel, SandboxEvent
from pinned_tui.session import Scope

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class UnknownScenarioError(ValueError):
    """Unknown scenario; the message names the nearest one."""


class ScenarioDataError(ValueError):
    """A data file of the sandbox is wrong; the message says which, and where."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Base(_Data, frozen=True, kw_only=True):
    """The world that all scenarios share. ``order`` is the order in which they are offered."""

    order: tuple[str, ...]
    classifications: dict[str, str]
    keys: tuple[Key, ...]
    channels: tuple[SandboxChannel, ...]
    events: tuple[SandboxEvent, ...]
    media: tuple[Media, ...]


class CheckData(_Data, frozen=True, kw_only=True):
    """What the story's user asks ``check`` for.

    Attributes:
        key: Id of the key that the user uses or has lost.
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
        failing: Every request ends with a 500.
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
        not_sure: Whether it is the one for a user who doesn't know what they see.
        fix: What fixes it, in words (``done``) and in effect.
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
    keys: tuple[Key, ...] = ()
    channels: tuple[SandboxChannel, ...] = ()
    events: tuple[SandboxEvent, ...] = ()
    media: tuple[Media, ...] = ()


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
        shown = "" if may_be_key(name) else f" {quoted(name)}"
        raise UnknownScenarioError(f"Unknown scenario{shown}. {hint}")
    return _read(name, Scenario)


def situations() -> dict[str | None, str]:
    """Return the scenario that the demo offers for each section of the guide; None: not sure."""
    by_section: dict[str | None, str] = {}
    for name in scenario_names():
        scenario = load_scenario(name)
        by_section.update((section, name) for section in scenario.leads)
        if scenario.not_sure:
            by_section[None] = name
    return by_section


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
