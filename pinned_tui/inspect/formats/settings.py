"""Reads settings: env files, profiles, INI, YAML, JSON, and what prints an environment."""

import re

from pinned_tui.inspect.formats.model import FileReading
from pinned_tui.inspect.formats.settings_rules import has_own_key, judge, kind_of_settings
from pinned_tui.inspect.formats.settings_source import Setting, settings_in
from pinned_tui.inspect.formats.source import Source

_SHARE = 0.4
"""Settings may stand in any file, so that whatever knows the file better comes first."""

_SURE = 0.8
"""Of JSON with a key that is called after the API: no body of a request has one."""

_DESCRIPTION = re.compile(r"""\s*(?:\{\s*)?["']?(?:openapi|swagger)["']?\s*:""")


def claim(source: Source) -> float:
    """Claim what has the key or the address of the API among its settings."""
    if _DESCRIPTION.match(source.text):  # of an API, whose address is no setting
        return 0.0
    if kind_of_settings(source.text) is None:
        return 0.0
    own = source.json is not None and has_own_key(source.once(_settings), source.text)
    return _SURE if own else _SHARE


def read(source: Source) -> FileReading:
    """Return what the settings came to."""
    verdict = judge(source.once(_settings), source.text)
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


def _settings(source: Source) -> list[Setting]:
    return settings_in(source.text)
