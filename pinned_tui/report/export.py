"""The way out for reports: the format, the last scan for secrets, the file.

Redaction happens where text enters; this is what stands behind it. A secret that is found in a
report, in whatever encoding, is cut out of it. The rest is written, since somebody waits for it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pinned_tui.core.private_files import write_private
from pinned_tui.redaction.leak_removal import cut, cut_json
from pinned_tui.redaction.leak_scan import Leak, find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.content import AnswerWords, bare_words, words_of
from pinned_tui.session import Session, SessionFileError, decode, without_pasted


class UnknownFormatError(ValueError):
    """Raised for an unknown report format; the message lists the known ones."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the report.

    Attributes:
        title: Its name in words.
        suffix: What its files end in, with the dot.
        media_type: Its media type.
        write: Writes a session as text, with the words for the answers that were given.
        is_session: Whether it is the session's own document, which has to stay one.
    """

    title: str
    suffix: str
    media_type: str
    write: Callable[[Session, AnswerWords], str]
    is_session: bool = False


def _markdown(session: Session, words: AnswerWords) -> str:
    from pinned_tui.report import markdown

    return markdown.render(session, words=words)


def _json(session: Session, _words: AnswerWords) -> str:
    from pinned_tui.report import json_report

    return json_report.render(session)


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "markdown": Format("Markdown", ".md", "text/markdown", _markdown),
        "json": Format("JSON", ".json", "application/json", _json, is_session=True),
    }
)
"""The formats by their names on the command line. A new one is a module and a row."""

ExportNotice = Callable[[str], object]
"""Takes a message for the user who asked for the report."""

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_CAUSE: Final = 60


def _pass_over(_message: str) -> None:
    pass


def export(
    session: Session,
    format_name: str,
    *,
    secrets: Iterable[Secret],
    with_pasted: bool = False,
    notice: ExportNotice = _pass_over,
) -> bytes:
    """Return the report of ``session``, scanned and ready to be written.

    Args:
        session: Any session.
        format_name: One of :data:`FORMATS`.
        secrets: Every secret that was in use.
        with_pasted: Whether corrected versions of what was pasted go with it: for the user who
            pasted them, not for a report that is handed on.
        notice: Called where a secret had to be cut out.

    Raises:
        UnknownFormatError: The format is unknown.
    """
    shown = session if with_pasted else without_pasted(session)
    form = _format(format_name)
    text = form.write(shown, _words(session))
    return scanned(text, secrets, notice, of=shown if form.is_session else None)


def scanned(
    text: str,
    secrets: Iterable[Secret],
    notice: ExportNotice = _pass_over,
    *,
    of: Session | None = None,
) -> bytes:
    """Return ``text`` in UTF-8, with stand-ins where a secret was found in it.

    Args:
        text: A report as it would be written.
        secrets: Every secret that was in use.
        notice: Called where a secret had to be cut out, in which form and never its value.
        of: The session that ``text`` is the document of; such a document is one afterwards too,
            with the same verdicts.
    """
    wanted = tuple(secrets)
    leaks = find_leaks(text, wanted)
    if leaks:
        text = cut(text, wanted) if of is None else _cut_document(text, wanted, of)
        notice(_describe(leaks))
    return text.encode("utf-8", "replace")


def _describe(leaks: Iterable[Leak]) -> str:
    where = "; ".join(f"[{leak.name}] {leak.how}" for leak in leaks)
    return (
        f"your key was found in the report ({where}) and was cut out of it. Unless your key is a"
        " word that pinned-tui uses itself, that is a defect of pinned-tui. Please report it,"
        " without the key."
    )


def _cut_document(text: str, secrets: Iterable[Secret], session: Session) -> str:
    """Cut secrets out of the document of ``session`` so that it stays one, with its verdicts."""
    from pinned_tui.report import json_report

    identity = _identity(session)

    def sound(document: str) -> bool:
        try:
            read = decode(document.encode("utf-8"))
        except SessionFileError:
            return False
        # Reading passes over unknown names and fills in missing ones, so compare what is written.
        written = json.loads(json_report.render(read))
        return _identity(read) == identity and bool(written == json.loads(document))

    return json_report.render(decode(cut_json(text, secrets, sound=sound).encode("utf-8")))


def _identity(session: Session) -> object:
    """Return what a program that reads the document goes by: ids, codes and causes, all ours."""
    return (
        session.id,
        session.outcome,
        [(one.cause, one.certainty, one.docs, one.evidence) for one in session.verdicts],
        [one.cause for one in session.considered],
        [(one.id, one.run, one.probe, one.code) for one in session.observations],
        [one.id for one in session.exchanges],
        [one.id for one in session.runs],
        [(one.step, one.option) for one in session.answers],
    )


def suggested_name(session: Session, format_name: str) -> str:
    """Return a file name such as ``pinned-events-20261123-f2nvs-scope-missing.md``.

    The session's id, which begins with the date, keeps reports of one day apart.

    Raises:
        UnknownFormatError: The format is unknown.
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
    notice: ExportNotice = _pass_over,
) -> None:
    """Write the report of ``session`` to ``path``, whole and private, or not at all.

    Args:
        path: The file.
        session: Any session.
        format_name: One of :data:`FORMATS`.
        secrets: Every secret that was in use.
        overwrite: Whether a file that is there already may be replaced.
        notice: Called where a secret had to be cut out.

    Raises:
        UnknownFormatError: The format is unknown.
        FileProblem: The file can't be written.
    """
    data = export(session, format_name, secrets=secrets, notice=notice)
    write_private(path, data, overwrite=overwrite)


def _format(name: str) -> Format:
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise UnknownFormatError(f"Unknown report format {name!r}. Known are: {known}.") from None


def _words(session: Session) -> AnswerWords:
    """Return what puts the answers of ``session`` into the words of the guide."""
    if not session.answers:
        return bare_words
    from pinned_tui.guide.loader import load_guide  # costs start-up, and often isn't needed

    return words_of(load_guide())
