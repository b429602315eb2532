"""Lets atheris draw inputs that reach further code, in a process of its own.

libFuzzer, which does the work below atheris, ends its process when the time is up. So what is found
is written at once, and the command that started the process reads it from the folder.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.target import KINDS, Found

_RUNS = re.compile(r"Done (\d+) runs")
_ROOMS = ("pinned_tui.inspect", "pinned_tui.redaction", "pinned_tui.checks.inspection_run")


def covered(
    keep: Callable[[Found, bytes, str], None], folder: Path, *, minutes: float, seed: int
) -> int:
    """Run the search for ``minutes``; return how many inputs it inspected."""
    seeds, found = folder / "seeds", folder / "found"
    for one in (seeds, found):
        one.mkdir(exist_ok=True)
    words = [sys.executable, "-m", "tests.fuzz.covered", str(seeds), str(found)]
    limits = [f"-max_total_time={round(minutes * 60)}", f"-seed={seed}", "-max_len=65536"]
    limits += ["-timeout=120", "-rss_limit_mb=8192", f"-artifact_prefix={found}/"]
    done = subprocess.Popen(
        [*words, *limits], stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    )
    assert done.stderr is not None
    runs = 0
    for line in done.stderr:
        if match := _RUNS.search(line):
            runs = int(match[1])
        if line.startswith(("#", "==")) and ("pulse" in line or "==" in line):
            print(line.rstrip(), flush=True)
    code = done.wait()
    for path in sorted(found.iterdir()):
        if path.name.startswith(("crash-", "timeout-", "oom-")):
            keep(Found("ended the process", path.name.partition("-")[0]), path.read_bytes(), "")
        elif path.suffix == ".txt":
            place, _, what = path.read_text("utf-8").partition("\n")
            data = path.with_suffix("")
            keep(Found(what, place), data.read_bytes(), data.suffix.removeprefix("."))
    if code != 0:
        keep(Found(f"the search ended with {code}", "the search itself"), b"", "")
    return runs


def _search(seeds: Path, found: Path, limits: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=list(_ROOMS)):
        from pinned_tui.inspect.dispatch import INSPECTORS
        from tests.corpus.reading import items
        from tests.fuzz.target import inspect

        for item in items():  # what is imported when it is needed has to be instrumented as well
            for kind in (None, *INSPECTORS):
                inspect(item.data[:20_000], kind)

    for number, item in enumerate(items()):
        (seeds / f"{number:04}").write_bytes(bytes([0]) + item.data)
    places: set[str] = set()

    def one(data: bytes) -> None:
        kind = KINDS[data[0] % len(KINDS)] if data else None
        wrong = inspect(data[1:], kind)
        # What is slow may be so because every branch is counted, and is measured without that.
        if wrong is None or wrong.place in places:
            return
        places.add(wrong.place)
        path = found / f"{len(places):03}.{kind or 'any'}"
        path.write_bytes(data[1:])
        path.with_name(f"{path.name}.txt").write_text(f"{wrong.place}\n{wrong.what}", "utf-8")

    atheris.Setup([sys.argv[0], *limits, str(seeds)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    _search(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
