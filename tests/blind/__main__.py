"""Prints how the product does on cases written without sight of it: ``python -m tests.blind``.

Words behind it choose: the number of a set, ``secrets``, ``inspect``, ``check``.
"""

import sys
from collections.abc import Callable
from typing import Any

from tests.blind import healthy, secrets
from tests.blind.running import cases, sets

JUDGES: dict[str, Callable[[dict[str, Any]], healthy.Result]] = {
    "inspect": healthy.inspected,
    "check": healthy.checked,
}


def main(words: list[str]) -> int:
    """Print a line for each case that is not right, and the figures; return 1 if there is any."""
    chosen = [one for one in sets() if one in words] or sets()
    names = [name for name in ("secrets", *JUDGES) if name in words] or ["secrets", *JUDGES]
    wrong = 0
    for of in chosen:
        for name in names:
            every = cases(of, name)
            tell = _secrets if name == "secrets" else _outcomes
            if every:
                wrong += tell(f"set {of}, {name}", every)
    return 1 if wrong else 0


def _secrets(title: str, every: list[dict[str, Any]]) -> int:
    leaking = hiding = 0
    for case in every:
        found = secrets.leaks(case)
        leaking += any(not one.startswith(secrets.HIDDEN) for one in found)
        hiding += any(one.startswith(secrets.HIDDEN) for one in found)
        if found:
            print(f"  {case['id']}: {'; '.join(found[:4])}", flush=True)
    print(f"{title}: {len(every)} inputs, {leaking} leak, {hiding} hide what is needed", flush=True)
    return leaking + hiding


def _outcomes(title: str, every: list[dict[str, Any]]) -> int:
    judge = JUDGES[title.rpartition(" ")[2]]
    results = []
    for case in every:
        results.append(result := judge(case))
        if not result.right:
            print(f"  {case['id']}: {result}", flush=True)
    right = sum(one.right for one in results)
    print(
        f"{title}: {len(every)} cases, right {right}, outcome right"
        f" {sum(one.outcome_right for one in results)}, healthy over a failure"
        f" {sum(one.falsely_healthy for one in results)}, false alarms"
        f" {sum(one.false_alarm for one in results)}",
        flush=True,
    )
    return len(every) - right


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
