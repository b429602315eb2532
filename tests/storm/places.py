"""Where a walk begins: what it needs on disk and on the network, made once for all walks."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pinned_tui.core.private_files import HISTORY_NAME
from pinned_tui.report.json_report import render
from pinned_tui.sandbox.scenarios import scenario_names
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Target, Verdict, replace
from tests import samples
from tests.history import bulk

KINDS = ("demo", "check", "open", "history")


def huge(verdict: Verdict) -> Verdict:
    """Return ``verdict`` with texts of megabytes, as a report from elsewhere may have them."""
    return msgspec.structs.replace(verdict, summary="x" * 2_000_000, fix=("y z " * 50_000,))


def fill(folder: Path, sessions: int) -> None:
    """Make a history of ``sessions`` small sessions in ``folder``."""
    targets = [Target(base_url="https://pinned.events", channel_id=number) for number in range(97)]
    patterns = [samples.plain(target=target) for target in targets]
    bulk.fill(folder / HISTORY_NAME, sessions, patterns, samples.BEGIN)


@dataclass
class Start:
    """How one walk begins.

    Attributes:
        words: What comes behind the program's name.
        environment: What is added to the environment.
        keys: What is typed first.
    """

    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    keys: str = ""


class Places:
    """Makes what walks begin with, in a folder of its own."""

    def __init__(self, folder: Path, *, sessions: int) -> None:
        """Work in ``folder``; the history of a walk that has one holds ``sessions``."""
        self._folder = folder
        self._sessions = sessions
        self._history: Path | None = None

    def start(self, kind: str, data: Path, sandbox: Sandbox, chance: random.Random) -> Start:
        """Prepare a walk of ``kind`` whose data folder is ``data``."""
        match kind:
            case "demo":
                named = chance.random() < 0.3
                scenario = ("--scenario", chance.choice(scenario_names())) if named else ()
                return Start(("demo", *scenario))
            case "check":
                situation = sandbox.enter(chance.choice(scenario_names()))
                sandbox.latency_ms = chance.choice((0, 0, 30, 400))
                key = situation.secret
                known = {} if key is None else {"PINNED_EVENTS_API_KEY": key.reveal()}
                return Start(("--base-url", sandbox.base_url, "--channel", "204"), known)
            case "open":
                return Start(("open", str(self._report(chance))))
            case _:
                shutil.copytree(self._history_folder(), data, dirs_exist_ok=True)
                return Start((), keys=chance.choice(("h", "h/", "h/quota", "h\r", "h\x1b")))

    def _report(self, chance: random.Random) -> Path:
        session = chance.choice((samples.told, samples.answered, samples.failing, samples.plain))()
        if chance.random() < 0.2:
            session = replace(session, verdicts=(huge(samples.SCOPE_MISSING),))
        path = self._folder / f"report-{chance.getrandbits(32):08x}.json"
        path.write_text(render(session), "utf-8")
        return path

    def _history_folder(self) -> Path:
        if self._history is None:
            folder = self._folder / "history"
            fill(folder, self._sessions)
            self._history = folder
        return self._history
