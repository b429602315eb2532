"""How well inspections do on what people paste: ``python -m tests.corpus``.

Prints a table by folder and what is not right. ``python -m tests.corpus keys curl`` looks at some
folders only. The exit code is 1 when something is not right.
"""

import sys
from collections.abc import Iterable, Sequence

from tests.corpus.judging import Aspect, Judged, judge
from tests.corpus.reading import folders, items

_COLUMNS = (
    *("inputs", "run", "healthy", "first", "causes", "places", "alarms", "kinds", "corrected"),
    *("leaks", "ms"),
)


def _share(judged: Sequence[Judged], *aspects: Aspect) -> str:
    return f"{sum(all(map(each.right, aspects)) for each in judged)}/{len(judged)}"


def _row(judged: Sequence[Judged]) -> list[str]:
    run = [each for each in judged if each.skipped is None]
    faulty = [each for each in run if each.item.faults or each.item.notes]
    placed = [each for each in run if any(fault.placed for fault in each.item.faults)]
    mended = [each for each in run if each.item.corrected_healthy]
    kinds = [each for each in judged if each.item.forced is None]
    known = sum(all(m.aspect is not Aspect.KIND for m in each.misses) for each in kinds)
    return [
        str(len(judged)),
        str(len(run)),
        str(sum(each.item.healthy for each in judged)),
        _share(faulty, Aspect.FIRST),
        _share(faulty, Aspect.CAUSES),
        _share(placed, Aspect.CAUSES, Aspect.PLACES),
        str(sum(m.aspect is Aspect.ALARMS for each in run for m in each.misses)),
        f"{known}/{len(kinds)}",
        _share(mended, Aspect.CORRECTED),
        str(sum(m.aspect is Aspect.LEAKS for each in run for m in each.misses)),
        f"{sum(each.seconds for each in run) * 1000:.0f}",
    ]


def _line(title: str, cells: Iterable[str]) -> str:
    return f"{title:<16}" + "".join(f"{cell:>10}" for cell in cells)


def main(wanted: list[str]) -> int:
    chosen = wanted or folders()
    judged = [judge(item) for item in items() if item.folder in chosen]
    print(_line("", _COLUMNS))
    for folder in chosen:
        print(_line(folder, _row([each for each in judged if each.item.folder == folder])))
    print(_line("all", _row(judged)))
    for each in judged:
        for miss in each.misses:
            print(f"{each.item.name}: {miss.aspect}: {miss.told}")
    for reason in sorted({each.skipped for each in judged if each.skipped}):
        count = sum(each.skipped == reason for each in judged)
        print(f"{count} inputs were not inspected: {reason}")
    return 1 if any(each.misses or each.skipped for each in judged) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
