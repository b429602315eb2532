"""Reads settings: env files, profiles, INI, YAML, JSON, and what prints an environment."""

import re

from pinned_tui.inspect.formats.model import FileReading
from pinned_tui.inspect.formats.settings_rules import judge, kind_of_settings
from pinned_tui.inspect.formats.settings_source import settings_in
from pinned_tui.inspect.formats.source import Source

_SHARE = 0.4
"""Settings may stand in any file, so that whatever knows the file better comes first."""

_DESCRIPTION = re.compile(r"""\s*(?:\{\s*)?["']?(?:openapi|swagger)["']?\s*:""")


def claim(source: Source) -> float:
    """Claim what has the key or the address of the API among its settings."""
    if _DESCRIPTION.match(source.text):  # of an API, whose address is no setting
        return 0.0
    return _SHARE if kind_of_settings(source.text) is not None else 0.0


def read(source: Source) -> FileReading:
    """Return what the settings came to."""
    verdict = judge(settings_in(source.text), source.text)
    if verdict is None:
        return FileReading(())
    return FileReading(
        (),
        faults=verdict.faults,
        notes=verdict.notes,
        secrets=verdict.secrets,
        judged=verdict.judged,
        summary=verdict.summary,
    )
