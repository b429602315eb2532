"""The commands: ``python -m tests.fuzz mutated|covered|again``."""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.corpus.reading import items
from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.target import KINDS, Found, inspect

_LARGEST = 1_000_000


class Kept:
    """What was found: one input for each place, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[str, Path] = {}

    def add(self, found: Found, data: bytes, kind: str) -> None:
        if found.place in self.places:
            return
        path = self.folder / f"{hashlib.sha256(data).hexdigest()[:12]}.{kind or 'any'}"
        path.write_bytes(data)
        self.places[found.place] = path
        print(f"-- {found.place}\n   {path}\n{found.what.rstrip()}", flush=True)


def mutated(kept: Kept, *, count: int, seed: int, minutes: float) -> int:
    """Inspect files of the corpus that came to harm; return how many were inspected."""
    files = [item.data for item in items()]
    until = time.monotonic() + minutes * 60
    for number in range(count):
        chance = random.Random(f"{seed} {number}")

        def draw(most: int, chance: random.Random = chance) -> int:
            return chance.randint(0, most)

        data = chance.choice(files)
        for _ in range(chance.randint(1, 4)):
            data = chance.choice(MUTATIONS)(data, draw, chance.choice(files))[:_LARGEST]
        kind = chance.choice(KINDS) if chance.random() < 0.5 else None
        found = inspect(data, kind)
        if found is not None:
            kept.add(found, data, kind or "")
        if time.monotonic() > until:
            return number + 1
    return count


def again(files: list[str]) -> int:
    """Inspect inputs that were found; return 1 if any is still wrong."""
    wrong = 0
    for name in files:
        path = Path(name)
        kind = next((one for one in KINDS if one is not None and path.suffix == f".{one}"), None)
        found = inspect(path.read_bytes(), kind)
        print(f"{name}: {found.what if found else 'as it should be'}", flush=True)
        wrong += found is not None
    return 1 if wrong else 0


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("how", choices=("mutated", "covered", "again"))
    parser.add_argument("files", nargs="*", help="for again: inputs that were found")
    parser.add_argument("--count", type=int, default=20_000, help="for mutated: how many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30.0, help="at most so long")
    parser.add_argument("--folder", type=Path, help="where to keep what is found")
    given = parser.parse_args(words)
    if given.how == "again":
        return again(given.files)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="pinned-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    kept = Kept(folder)
    began = time.monotonic()
    if given.how == "mutated":
        done = mutated(kept, count=given.count, seed=given.seed, minutes=given.minutes)
    else:
        from tests.fuzz.covered import covered

        done = covered(kept.add, folder, minutes=given.minutes, seed=given.seed)
    seconds = time.monotonic() - began
    print(f"{done:,} inputs in {seconds:.0f} s, {len(kept.places)} faults", flush=True)
    return 1 if kept.places else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
