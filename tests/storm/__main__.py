"""The storm: ``python -m tests.storm [--walks N] [--keys N] [--seed TEXT] [--only KIND]``.

Random keys, pastes, clicks and resizes reach the real program on a terminal of its own, faster than
it can draw. Prints what went wrong; the exit code is 1 when anything did.
"""

import argparse
import sys
import time
from collections import Counter

from tests.storm.places import KINDS
from tests.storm.running import Storm


def main() -> int:
    """Take the walks and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--walks", type=int, default=40)
    parser.add_argument("--keys", type=int, default=200, help="bursts of input in each walk")
    parser.add_argument("--seed", default="storm")
    parser.add_argument("--only", choices=KINDS, help="walks of one kind only")
    parser.add_argument("--sessions", type=int, default=20_000, help="in the history of a walk")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first walk's number")
    parser.add_argument("--typed", action="store_true", help="print what was typed in bad walks")
    options = parser.parse_args()
    kinds = (options.only,) if options.only else KINDS
    began, faults, seen, walked = time.monotonic(), Counter[str](), Counter[str](), 0
    with Storm(sessions=options.sessions) as storm:
        for number in range(options.first, options.first + options.walks):
            kind = kinds[number % len(kinds)]
            outcome = storm.walk(kind, f"{options.seed}-{number}", options.keys)
            walked += 1
            seen += outcome.seen
            for fault in outcome.faults:
                faults[fault.partition(",")[0].partition(":")[0]] += 1
                print(f"{outcome.seed} ({kind}): {fault}", flush=True)
            if outcome.faults and options.typed:
                print(f"  typed: {outcome.typed[-40:]!r}", flush=True)
    took = time.monotonic() - began
    print(f"{walked} walks of {options.keys} bursts in {took:.0f} s: {sum(faults.values())} faults")
    for fault, count in faults.most_common():
        print(f"{count:>4}  {fault}")
    print("pages: " + ", ".join(f"{page} {count}" for page, count in seen.most_common()))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
