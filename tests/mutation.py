"""The mutation score: ``python -m tests.mutation [ROOM…] [--sample N] [--seed S] [--jobs N]``.

Changes the code of a room in one place at a time (a mutant), runs the tests of that room, and
prints which changes no test noticed. The score is for reading: the exit code is 0 whatever it is,
and 1 only when there is no score, as when the tests fail without any change.

The mutants are mutmut's. It knows no samples, but tries the mutants that it is given by name, so
the names are drawn here. All of it happens in a copy of the checkout, which is deleted in the end.

A mutant that mutmut counts as survived is tried a second time, by all tests of the room in a
process of their own. mutmut forks each try off a process in which the tests have run already: what
a cache holds by then, or what was computed on import, is not computed again by the mutant.
"""

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "pinned_tui"
ROOMS = ("redaction", "api_spec", "diagnosis")

# `python -m mutmut` would import its main module twice, which mutmut warns of. Commands share one
# process, as it takes a second to come up. mutmut itself has none that does nothing but generate.
_COMMANDS = """
import json, sys
from mutmut.__main__ import cli, copy_src_dir, create_mutants
for words in json.loads(sys.argv[1]):
    if words == ["generate"]:
        copy_src_dir()
        create_mutants(1)
    else:
        cli(words, standalone_mode=False)
"""
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist")
_KILLED = ("killed", "segfault")


class NoScoreError(Exception):
    """There is no score, because the tests could not be run against the mutants."""


@dataclass(frozen=True)
class Survivor:
    """A change that no test noticed."""

    place: str
    """The file and the line, as ``pinned_tui/redaction/scan.py:41``."""
    change: tuple[str, ...]
    """The lines before and after it, with ``-`` and ``+`` in front."""


@dataclass(frozen=True)
class Score:
    """What the tests of a room noticed."""

    mutants: int
    """How many there are; those tried are a sample of them."""
    killed: int
    timed_out: int
    survivors: tuple[Survivor, ...]

    @property
    def tried(self) -> int:
        return self.killed + self.timed_out + len(self.survivors)

    def __str__(self) -> str:
        # A test that never ends has noticed the change, too.
        percent = 100 * (self.killed + self.timed_out) / self.tried
        return (
            f"{self.tried} of {self.mutants} mutants tried: {self.killed} killed, "
            f"{len(self.survivors)} survived, {self.timed_out} timed out. Score: {percent:.1f} %"
        )


def score(
    root: Path, package: str, room: str, *, sample: int, seed: str = "", jobs: int = 1
) -> Score:
    """Try a sample of the mutants of one room.

    Args:
        root: A checkout, which is only read; the tests of a room are in ``tests/<room>``.
        package: The package that holds the room.
        room: A folder of the package.
        sample: How many mutants to try at most.
        seed: Decides which; with the same seed and code, the mutants are the same.
        jobs: How many to try side by side.

    Raises:
        NoScoreError: There is no mutant, or the tests fail without any change.
    """
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / root.name
        shutil.copytree(root, copy, ignore=_LEFT_OUT)
        others = [one.name for one in copy.iterdir() if one.is_file()]
        with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(
                f"\n[tool.mutmut]\nsource_paths = ['{package}']\n"
                f"only_mutate = ['{package}/{room}/*']\nalso_copy = {others}\n"
                f"pytest_add_cli_args_test_selection = ['tests/{room}']\n"
                "track_dependencies = false\nuse_git_change_detection = false\n"
            )
        generated = _mutmut(copy, ("generate",), ("results", "--all", "true"))
        names = sorted(_statuses(generated))
        if not names:
            raise NoScoreError(f"There is nothing to change in {package}/{room}.")
        drawn = random.Random(f"{seed} {room}").sample(names, min(sample, len(names)))
        began = time.monotonic()
        run = ("run", "--max-children", str(jobs), *drawn)
        shown = _mutmut(copy, run, *(("show", name) for name in drawn))
        statuses = _statuses(shown)
        # No single try takes as long as all of them, except one that does not end.
        limit = max(120.0, time.monotonic() - began)
        unnoticed = [
            name for name in drawn if statuses[name] not in _KILLED and statuses[name] != "timeout"
        ]
        with ThreadPoolExecutor(jobs) as threads:
            second = list(threads.map(lambda name: _once_more(copy, room, name, limit), unnoticed))
        statuses |= dict(zip(unnoticed, second, strict=True))
        diffs = re.split(r"^# (\S+__mutmut_\d+): .*\n", shown, flags=re.MULTILINE)[1:]
        survivors = [
            _survivor(copy, name, diff)
            for name, diff in zip(diffs[::2], diffs[1::2], strict=True)
            if statuses[name] == "survived"
        ]
    return Score(
        mutants=len(names),
        killed=sum(statuses[name] in _KILLED for name in drawn),
        timed_out=sum(statuses[name] == "timeout" for name in drawn),
        survivors=tuple(sorted(survivors, key=lambda one: one.place)),
    )


def _mutmut(copy: Path, *commands: tuple[str, ...]) -> str:
    """Run commands of mutmut in the copy, and return what they print."""
    done = subprocess.run(
        [sys.executable, "-c", _COMMANDS, json.dumps(commands)],
        cwd=copy,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise NoScoreError(done.stdout.replace("\r", "\n")[-4000:])
    return done.stdout


def _environment(mutant: str = "") -> dict[str, str]:
    # Examples of chance, and the order of sets, would make a score that nobody can repeat.
    fixed = {"CI": "1", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    return os.environ | fixed | {"MUTANT_UNDER_TEST": mutant}


def _statuses(printed: str) -> dict[str, str]:
    """Read what mutmut says of each mutant, by name; of one not yet tried, "not checked"."""
    return dict(re.findall(r"^(?: {4}|# )(\S+__mutmut_\d+): (.+)$", printed, re.MULTILINE))


def _once_more(copy: Path, room: str, name: str, limit: float) -> str:
    """Return what all tests of the room say of a mutant, in a process that holds no caches."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/{room}"],
            cwd=copy / "mutants",
            env=_environment(name),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return "survived" if done.returncode == 0 else "killed"


def _survivor(copy: Path, name: str, diff: str) -> Survivor:
    """Find a mutant's place by its name and mutmut's diff of the function that it changes."""
    lines = diff.splitlines()
    file = lines[0].removeprefix("--- ")
    hunk = [one for one in lines[2:] if not one.startswith("@@")]
    before = [one[1:].strip() for one in hunk if one[:1] != "+"]
    until = next(i for i, one in enumerate(hunk) if one[:1] in ("-", "+"))
    source = (copy / file).read_text("utf-8")
    # The diff counts lines from the function's first, and has methods without their indentation.
    start, end = _extent(source, name)
    code = [one.strip() for one in source.splitlines()]
    at = next((i for i in range(start, end) if code[i : i + len(before)] == before), start)
    change = tuple(f"{one[0]} {one[1:].strip()}" for one in hunk if one[:1] in ("-", "+"))
    return Survivor(f"{file}:{at + until + 1}", change)


def _extent(source: str, mutant: str) -> tuple[int, int]:
    """Return from which line on, and up to which, a mutant's function is, the first being 0."""
    found = re.search(r"\.x(?:_|ǁ(?P<owner>\w+)ǁ)(?P<name>\w+)__mutmut_\d+", mutant)
    for owner, function in _functions(ast.parse(source)):
        if found is not None and (owner, function.name) == (found["owner"], found["name"]):
            return function.lineno - 1, function.end_lineno or function.lineno
    raise NoScoreError(f"Unknown function: {mutant}")


def _functions(tree: ast.Module) -> Iterator[tuple[str | None, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield None, node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, one) for one in node.body if isinstance(one, ast.FunctionDef))


def main(words: Sequence[str] | None = None) -> int:
    """Print the score of each room, and of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}")
    parser.add_argument("--sample", type=int, default=60, help="mutants to try in each room")
    parser.add_argument("--seed", default="mutation", help="decides which mutants are tried")
    parser.add_argument("--jobs", type=int, default=2, help="mutants to try side by side")
    options = parser.parse_args(words)
    unknown = [one for one in options.rooms if one not in ROOMS]
    if unknown:
        parser.error(f"Unknown room: {', '.join(unknown)}. The rooms are {', '.join(ROOMS)}.")
    if options.sample < 1 or options.jobs < 1:
        parser.error("--sample and --jobs take a number from 1 on.")
    began, scores = time.monotonic(), []
    for room in options.rooms or ROOMS:
        try:
            one = score(
                ROOT, PACKAGE, room, sample=options.sample, seed=options.seed, jobs=options.jobs
            )
        except NoScoreError as error:
            print(f"{room} has no score:\n{error}", file=sys.stderr)
            return 1
        scores.append(one)
        print(f"{room}: {one}", flush=True)
        for survivor in one.survivors:
            print("\n    ".join((f"  {survivor.place}", *survivor.change)), flush=True)
    total = Score(
        sum(one.mutants for one in scores),
        sum(one.killed for one in scores),
        sum(one.timed_out for one in scores),
        tuple(survivor for one in scores for survivor in one.survivors),
    )
    print(f"In all: {total}\n{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
