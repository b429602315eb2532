"""The scenario matrix as a table: ``python -m tests.matrix [WORDS OF A NAME]``.

The exit code is 1 when any situation, or the proof that a fix of it works, is not as it should be.
"""

import asyncio
import sys
import time

from tests.matrix.model import HEALTHY, situations
from tests.matrix.runner import Result, run

WIDTHS = (50, 30, 42, 4, 7)


def line(*cells: str) -> str:
    return "  ".join(cell[:w].ljust(w) for cell, w in zip(cells, WIDTHS, strict=False)).rstrip()


async def main(words: list[str]) -> int:
    rows = [row for row in situations() if all(word in row.name for word in words)]
    if not rows:
        print(f"No situation's name has all of these words: {' '.join(words)}.", file=sys.stderr)
        print("Give words of a name, without options.", file=sys.stderr)
        return 2
    print(line("situation", "expected", "got", "sent", "ms"))
    began, results, group = time.monotonic(), [], None
    for row in rows:
        if row.group != group:
            group = row.group
            print(f"-- {group}")
        result = await run(row)
        results.append(result)
        sent = str(result.session.requests_sent) if result.session else "0"
        mark = "skipped" if result.skipped else "—" if result.faults else "ok"
        proof = "" if not row.is_proved else "no proof" if result.unproved else "proved"
        shown = line(row.name, row.expect.cause, result.got, sent, f"{result.seconds * 1000:.0f}")
        print(f"{shown.ljust(sum(WIDTHS) + 8)}  {mark:<7}  {proof}".rstrip(), flush=True)
        for fault in (*result.faults, *result.unproved):
            print(f"      {fault}")
    _totals(results, time.monotonic() - began)
    return 1 if any(result.faults or result.unproved for result in results) else 0


def _totals(results: list[Result], seconds: float) -> None:
    run_ones = [one for one in results if not one.skipped]
    decidable = [one for one in run_ones if one.row.expect.decidable]
    open_ones = [one for one in run_ones if not one.row.expect.decidable]
    healthy = [one for one in run_ones if one.row.expect.cause == HEALTHY]
    alarms = [one for one in healthy if any("false alarm" in fault for fault in one.faults)]
    over = [one for one in run_ones if any("at most" in fault for fault in one.faults)]
    broad = [one for one in run_ones if one.first and one.first.cause == one.row.expect.broader]
    sent = sum(one.session.requests_sent for one in run_ones if one.session)
    print()
    print(f"situations           {len(results)}, {len(results) - len(run_ones)} skipped")
    print(f"right                {sum(not one.faults for one in run_ones)} of {len(run_ones)}")
    print(f"  decidable          {sum(not o.faults for o in decidable)} of {len(decidable)}")
    print(f"  alternatives       {sum(not o.faults for o in open_ones)} of {len(open_ones)}")
    print(f"  named too broadly  {len(broad)}")
    print(f"false alarms         {len(alarms)} in {len(healthy)} healthy ones")
    print(f"over budget          {len(over)}")
    proved = [one for one in run_ones if one.row.is_proved]
    print(f"proofs               {sum(not one.unproved for one in proved)} of {len(proved)}")
    print(f"requests, seconds    {sent}, {seconds:.1f}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
