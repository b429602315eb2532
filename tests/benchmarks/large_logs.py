"""How long large logs take, against ``json.loads`` of their lines, and in how much memory.

``python -m tests.benchmarks.large_logs`` pipes 200 MB of each kind into a process of its own, and
prints a row a kind; with ``--gigabyte`` it is 1 GB. Nothing is kept on the disk. The exit code is 1
when one takes more than its limit.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from tests.benchmarks.inspection import STATUSES, access, ndjson

SIZE = 200_000_000
GIGABYTE = 1_000_000_000
MOST_MEGABYTES = 200
_BLOCK = 1_000_000
_OTHER = (
    '{{"ts": "2026-11-28T10:00:00Z", "level": "info", "logger": "worker", "msg": "job {} done",'
    ' "took_ms": 17, "queue": "mail", "attempt": 1}}'
)


def _mixed(number: int, status: int) -> str:
    return ndjson(number, status) if number % 100 == 0 else _OTHER.format(number)


@dataclass(frozen=True)
class Kind:
    """A kind of log.

    Attributes:
        most: How many times ``json.loads`` of its lines it may take; None where they are no JSON.
    """

    name: str
    line: Callable[[int, int], str]
    most: float | None


KINDS = (
    Kind("dense NDJSON", ndjson, 5.0),
    Kind("1 % of NDJSON", _mixed, 2.0),
    Kind("access log", access, None),
)


def _blocks(kind: Kind, size: int) -> Iterator[bytes]:
    """Yield ``size`` octets of whole lines: a few megabytes, over and over."""
    lines = (kind.line(n, STATUSES[n * 31 % 97 % len(STATUSES)]) for n in count())
    blocks: list[bytes] = []
    for _ in range(8):
        block: list[str] = []
        length = 0
        while length < _BLOCK:
            block.append(next(lines))
            length += len(block[-1]) + 1
        blocks.append(("\n".join(block) + "\n").encode())
    done = 0
    for number in count():
        if done >= size:
            return
        block_of_it = blocks[number % len(blocks)]
        done += len(block_of_it)
        yield block_of_it


def _measure() -> None:
    """Inspect standard input and print seconds, the peak of memory in MB, and what was said."""
    from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
    from pinned_tui.core.clock import SystemClock
    from pinned_tui.core.input_files import pieces_of
    from pinned_tui.inspect.dispatch import look
    from pinned_tui.inspect.model import InspectionContext
    from pinned_tui.inspect.streaming.reading import read_pieces

    clock = SystemClock()
    used = time.process_time()
    pasted = read_pieces(pieces_of(sys.stdin.buffer), "Standard input")
    inspection = look(pasted, InspectionContext(now=clock.now()))
    begun = new_inspection(base_url="https://pinned.events", clock=clock)
    inspected(begun, Handed.of(pasted, "log"), inspection, clock=clock)
    took = time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([took, peak / 1024, inspection.summary]))


def _baseline(kind: Kind, size: int) -> float:
    """Return the seconds that ``json.loads`` of a tenth of the lines takes, times ten."""
    used = 0.0
    for block in _blocks(kind, size // 10):
        lines = block.splitlines()
        began = time.process_time()
        for line in lines:
            json.loads(line)
        used += time.process_time() - began
    return used * 10


def table(size: int = SIZE) -> bool:
    """Print the table; return whether a kind missed its limits."""
    missed = False
    print(f"\n{f'{size // 1_000_000:,} MB of':<16}{'seconds':>10}{'memory':>10}{'json.loads':>12}")
    for kind in KINDS:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.large_logs", "--measure"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            for block in _blocks(kind, size):
                process.stdin.write(block)
            process.stdin.close()
            took, peak, summary = json.loads(process.stdout.read())
        times = took / _baseline(kind, size) if kind.most is not None else None
        missed = missed or peak > MOST_MEGABYTES or (times or 0) > (kind.most or 0)
        ratio = f"{times:>10.1f} x" if times is not None else ""
        print(f"{kind.name:<16}{took:>9.1f}s{peak:>7.0f} MB{ratio:<12}  {summary}", flush=True)
    print(f"{'limits':<16}{'':>10}{MOST_MEGABYTES:>7} MB{'5.0 x, 2.0 x':>12}", flush=True)
    return missed


if __name__ == "__main__":
    if "--measure" in sys.argv:
        _measure()
    else:
        sys.exit(table(GIGABYTE if "--gigabyte" in sys.argv else SIZE))
