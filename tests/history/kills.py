"""Kills processes that save, and that migrate, and looks whether anything is lost.

``python -m tests.history.kills --kills 1000 --migrations 50``. Each is a real process that gets a
real SIGKILL at a random moment. Three writers save at once, each session in two states; what a
writer has said to be saved must be in the file afterwards, in that state or a later one. A file of
the first version must be, after each kill, either as it was or wholly migrated. The exit code is 1
when something is lost. Needs ``fork``, which makes writers quickly.
"""

import argparse
import contextlib
import math
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pinned_tui.core.clock import SystemClock
from pinned_tui.history import first_version  # noqa: F401 - what a migration takes, before the fork
from pinned_tui.history.store import HistoryStore
from pinned_tui.session import Session, replace
from tests import samples
from tests.history import old_file

WRITERS = 3
LONGEST_LIFE_S = 0.06
DIE_EARLY = 0.2
"""How many are killed at any moment, be it while they open the file; the others while they save."""
OLD_SESSIONS = 400


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Run ``work`` in a process of its own; returns its number, and where its words arrive."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        code = 1
        try:
            work(writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    return pid, reading


def write_on(path: Path, number: int) -> Callable[[int], None]:
    """Save sessions from ``number`` on, without end, and say each time that one is saved."""

    def work(words: int) -> None:
        store = HistoryStore.at(path, clock=SystemClock(), patience_s=60)
        at = number
        while True:
            for state in (1, 2):
                size = 200 * (at % 40)
                session = samples.plain(at, id=f"{at:012x}", section="w" * size)
                store.save(replace(session, requests_sent=state))
                os.write(words, f"{session.id} {state}\n".encode())
            at += 1

    return work


@dataclass
class Writer:
    """One of the writers, and when it is to die."""

    pid: int
    words: int
    dies_at: float


@dataclass
class Tally:
    """What was acknowledged: the latest state of each session."""

    states: dict[str, int] = field(default_factory=dict)

    def take(self, words: bytes) -> None:
        for line in words.decode().splitlines():
            name, state = line.split()
            self.states[name] = max(self.states.get(name, 0), int(state))


def kill_writers(path: Path, kills: int, chance: random.Random) -> Tally:
    """Start and kill writers until there were so many kills."""
    tally, writers, begun, killed = Tally(), list[Writer](), 0, 0
    while killed < kills:
        while len(writers) < WRITERS:
            begun += 1
            pid, words = forked(write_on(path, begun * 100_000))
            life = chance.uniform(0, LONGEST_LIFE_S) if chance.random() < DIE_EARLY else math.inf
            writers.append(Writer(pid, words, time.monotonic() + life))
        first = min(writers, key=lambda one: one.dies_at)
        pause = max(0.0, first.dies_at - time.monotonic())
        listening = {one.words: one for one in writers}
        ready, _, _ = select.select(list(listening), [], [], min(pause, 60))
        for words in ready:
            tally.take(os.read(words, 65536))
            if listening[words].dies_at == math.inf:
                listening[words].dies_at = time.monotonic() + chance.uniform(0, LONGEST_LIFE_S)
        if time.monotonic() >= first.dies_at:
            os.kill(first.pid, signal.SIGKILL)
            os.waitpid(first.pid, 0)
            while rest := os.read(first.words, 65536):
                tally.take(rest)
            os.close(first.words)
            writers.remove(first)
            killed += 1
    for one in writers:
        os.kill(one.pid, signal.SIGKILL)
        os.waitpid(one.pid, 0)
        while rest := os.read(one.words, 65536):
            tally.take(rest)
        os.close(one.words)
    return tally


def lost_of(path: Path, tally: Tally) -> list[str]:
    """Say what is not in the file as it was acknowledged."""
    notices: list[str] = []
    store = HistoryStore.open(path, clock=SystemClock(), notice=notices.append)
    with contextlib.closing(store):
        there = {entry.id for entry in store.list() if not entry.damaged}
        lost = [name for name in tally.states if name not in there]
        for name, state in tally.states.items():
            if name in there and store.get(name).requests_sent < state:
                lost.append(f"{name} is as it was before")
        unasked = len(there) - len(tally.states)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    print(f"{len(tally.states)} sessions acknowledged, {unasked} more written, {len(lost)} lost")
    return [*lost, *notices, *([] if sound == "ok" else [sound])]


def migrate_once(path: Path) -> Callable[[int], None]:
    def work(words: int) -> None:
        HistoryStore.open(path, clock=SystemClock()).close()
        os.write(words, b"done\n")

    return work


def state_of(path: Path) -> tuple[int, int]:
    """The version of the schema, and how many sessions there are."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (count,) = connection.execute("SELECT count(*) FROM session").fetchone()
        return version, count


def kill_migrations(folder: Path, kills: int, chance: random.Random) -> list[str]:
    """Kill the migration of one file so many times in its middle; say what is lost."""
    saved = [samples.plain(n, section="words " * (n % 300)) for n in range(OLD_SESSIONS)]
    original, path = folder / "original.sqlite3", folder / "history.sqlite3"
    old_file.make(original, [old_file.row_of(one) for one in saved])
    shutil.copy(original, path)
    began = time.monotonic()
    pid, words = forked(migrate_once(path))
    os.waitpid(pid, 0)
    os.close(words)
    whole_s = time.monotonic() - began
    for one in folder.glob("history*"):
        one.unlink()
    shutil.copy(original, path)
    faults, middle, finished = list[str](), 0, 0
    while middle < kills:
        pid, words = forked(migrate_once(path))
        time.sleep(chance.uniform(0.02, 1.0) * whole_s)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(words)
        version, count = state_of(path)
        if count != OLD_SESSIONS:
            faults.append(f"{count} sessions after a kill, in version {version}")
        if version == 1:
            middle += 1
            continue
        finished += 1
        path.unlink()
        shutil.copy(original, path)
    print(f"{middle} migrations killed in the middle, {finished} at their end")
    return [*faults, *left_by_migrations(folder, path, saved)]


def left_by_migrations(folder: Path, path: Path, saved: list[Session]) -> list[str]:
    """Migrate at last, and say what is not as it has to be."""
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as store:
        faults = [f"{one.id} is not what it was" for one in saved if store.get(one.id) != one]
    copies = list(folder.glob("*before-update-*"))
    broken = [copy.name for copy in copies if state_of(copy) != (1, OLD_SESSIONS)]
    faults += [f"the copy {name} is not whole" for name in broken]
    if len(copies) != 1:
        faults.append(f"{len(copies)} copies of one file")
    if list(folder.glob("*.part*")):
        faults.append("half a copy was left")
    return faults


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--migrations", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args(words)
    seed = options.seed if options.seed is not None else random.randrange(2**32)
    print(f"--seed {seed}", flush=True)
    chance = random.Random(seed)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        if options.kills:
            path = Path(name) / "saves" / "history.sqlite3"
            faults += lost_of(path, kill_writers(path, options.kills, chance))
        if options.migrations:
            folder = Path(name) / "migrations"
            folder.mkdir(mode=0o700)
            faults += kill_migrations(folder, options.migrations, chance)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
