"""Writes the JSON Schema anew from the types: ``python -m pinned_tui.report.schema``."""

import sys
from pathlib import Path

from pinned_tui.report.json_report import SCHEMA_FILE
from pinned_tui.report.schema import generated


def main() -> int:
    """Write the schema into the package and say where."""
    path = Path(__file__).with_name(SCHEMA_FILE)
    path.write_text(generated(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
