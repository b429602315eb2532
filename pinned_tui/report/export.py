"""The way out for reports: the format, the last scan for secrets, the file.

Redaction happens where text enters; this is what stands behind it. A report in which a secret is
found, in whatever encoding, is not written at all.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pinned_tui.files import write_private
from pinned_tui.privacy.leaks import find_leaks
from pinned_tui.privacy.secret import Secret
from pinned_tui.report.content import AnswerWords, bare_words
from pinned_tui.session import Answer, Session, without_pasted


class ExportRefusedError(Exception):
    """A report was not written, because it would give a secret away; the message is for people."""


class UnknownFormatError(ValueError):
    """There is no report format of this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the report.

    Attributes:
        title: Its name in words.
        suffix: What its files end in, with the dot.
        media_type: Its media type.
        write: Writes a session as text, with the words for the answers that were given.
    """

    title: str
    suffix: str
    media_type: str
    write: Callable[[Session, AnswerWords], str]


def _markdown(session: Session, words: AnswerWords) -> str:
    from pinned_tui.report import markdown

    return markdown.render(session, words=words)


def _json(session: Session, _words: AnswerWords) -> str:
    from pinned_tui.report import json_report

    return json_report.render(session)


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "markdown": Format("Markdown", ".md", "text/markdown", _markdown),
        "json": Format("JSON", ".json", "application/json", _json),
    }
)
"""The formats by their names on the command line. A new one is a module and a row."""

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_CAUSE: Final = 60


def export(
    session: Session,
    format_name: str,
    *,
    secrets: Iterable[Secret],
    with_pasted: bool = False,
) -> bytes:
    """Return the report of ``session``, scanned and ready to be written.

    Args:
        session: Any session.
        format_name: One of :data:`FORMATS`.
        secrets: Every secret that was in use.
        with_pasted: Whether corrected versions of what was pasted go with it: for the person who
            pasted them, not for a report that is handed on.

    Raises:
        ExportRefusedError: a secret is in it.
        UnknownFormatError: there is no such format.
    """
    shown = session if with_pasted else without_pasted(session)
    text = _format(format_name).write(shown, _words(session))
    return scanned(text.encode("utf-8"), secrets)


def scanned(data: bytes, secrets: Iterable[Secret]) -> bytes:
    """Return ``data``, if no secret is in it.

    Raises:
        ExportRefusedError: there is one; the message names its form and never its value.
    """
    leaks = find_leaks(data, secrets)
    if leaks:
        where = "; ".join(f"[{leak.name}] {leak.how}" for leak in leaks)
        raise ExportRefusedError(
            f"The report is not written: your key was found in it ({where}). That should never"
            " happen and is a defect of pinned-tui. Please report it, without the key."
        )
    return data


def suggested_name(session: Session, format_name: str) -> str:
    """Return a file name such as ``pinned-events-20261123-f2nvs-scope-missing.md``.

    The session's id, which begins with the date, keeps reports of one day apart.

    Raises:
        UnknownFormatError: there is no such format.
    """
    about = session.first_cause or session.outcome or "unfinished"
    parts = ["pinned-events", *(_NOT_IN_A_NAME.sub("-", p.lower()) for p in (session.id, about))]
    name = "-".join(part.strip("-")[:_LONGEST_CAUSE] for part in parts if part.strip("-"))
    return f"{name}{_format(format_name).suffix}"


def save_report(
    path: Path,
    session: Session,
    format_name: str,
    *,
    secrets: Iterable[Secret],
    overwrite: bool = False,
) -> None:
    """Write the report of ``session`` to ``path``, whole and private, or not at all.

    Raises:
        ExportRefusedError: a secret is in it.
        UnknownFormatError: there is no such format.
        FileProblem: the file can't be written.
    """
    write_private(path, export(session, format_name, secrets=secrets), overwrite=overwrite)


def _format(name: str) -> Format:
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise UnknownFormatError(f"No report format {name!r}. There are: {known}.") from None


def _words(session: Session) -> AnswerWords:
    """Return what puts the answers of ``session`` into the words of the guide."""
    if not session.answers:
        return bare_words
    from pinned_tui.guide.loader import load_guide  # costs start-up, and often isn't needed

    steps = {step.id: step for _, step in load_guide().steps()}

    def words(answer: Answer) -> tuple[str, str]:
        step = steps.get(answer.step)
        option = step.option(answer.option) if step else None
        return (
            step.question if step else answer.step,
            option.label if option else answer.option,
        )

    return words
