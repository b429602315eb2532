"""How well inspections do on inputs adapted from public bug reports: ``python -m tests.field``.

Prints each input that is not told as it should be, and how many are: by their outcome, and by their
outcome and first cause together. Not all of them are right yet; what must never be is an input that
is called healthy and is not, and then the exit code is 1.
"""

import sys

from tests.field.measuring import measured


def main() -> int:
    rows = measured()
    for row in rows:
        if not (row.outcome_right and row.cause_right):
            wanted = f"{' or '.join(row.outcomes)}: {' or '.join(row.causes) or 'anything'}"
            print(f"{row.file}: {row.outcome}, {row.cause or 'no cause'}; right is {wanted}")
    right = sum(row.outcome_right for row in rows)
    both = sum(row.outcome_right and row.cause_right for row in rows)
    healthy = [row.file for row in rows if row.falsely_healthy]
    print(f"{len(rows)} inputs, {right} with the right outcome, {both} with the right cause too")
    print(f"falsely healthy: {', '.join(healthy) or 'none'}")
    return 1 if healthy else 0


if __name__ == "__main__":
    sys.exit(main())
