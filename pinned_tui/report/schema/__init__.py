"""The JSON Schema of the session document, shipped with the package for others to use."""

import json

from pinned_tui.session import json_schema


def generated() -> str:
    """Return the schema as its file should read, made from the types of the session."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
