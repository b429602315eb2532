"""The live checks: what each one finds out, and where it stands."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import VerticalGroup
from textual.content import Content
from textual.widgets import Static

from pinned_tui.session import Observation, Session, Status
from pinned_tui.tui.widgets.text import MUTED, Hanging, line, status_glyph, status_sign, words
from pinned_tui.wording import STATUS

if TYPE_CHECKING:
    from pinned_tui.checkup import Progress

_WORDS = {"waiting": "waiting", "running": "running", "skipped": "skipped", "cancelled": "stopped"}
_GLYPHS = {"waiting": "·", "running": "◌", "skipped": "–", "cancelled": "–"}  # noqa: RUF001


class CheckList(VerticalGroup):
    """One line a check with its message below it."""

    DEFAULT_CSS = "CheckList { height: auto; }"

    def show(self, progress: "Iterable[Progress]", *, brief: bool = False) -> None:
        """Show where the checks stand; with ``brief``, what passed takes one line."""
        rows = {row.id: row for row in self.query(Hanging)}
        for one in progress:
            mark, body = _glyph(one), _body(one, brief=brief and one.status is Status.PASS)
            row = rows.get(f"check-{one.probe}")
            if row is None:
                self.mount(Hanging(mark, body, id=f"check-{one.probe}"))
            else:
                row.update(mark, body)


class CheckLine(Static):
    """The live checks in one line, for where there is no room beside the question."""

    def show(self, progress: "Iterable[Progress]", *, running: bool) -> None:
        """Show how far the checks are and how they turned out."""
        self.update(check_line(list(progress), running=running))


def check_line(progress: "list[Progress]", *, running: bool) -> Content:
    """Return the checks in one line: how far they are, and how they turned out."""
    if not progress:
        return words("Live checks: none yet", MUTED)
    ended = [one for one in progress if one.state not in {"waiting", "running"}]
    parts = [words("Live checks  ", MUTED)]
    if running:
        parts.append(words(f"{len(ended)} of {len(progress)} done  "))
    for status in Status:
        count = sum(one.state == "done" and one.status is status for one in progress)
        if count:
            parts.append(line(status_glyph(status), f" {count} {STATUS[status].word}  "))
    skipped = sum(one.state in {"skipped", "cancelled"} for one in progress)
    if skipped:
        parts.append(words(f"{_GLYPHS['skipped']} {skipped} skipped", MUTED))
    return line(*parts)


def observation_row(observation: Observation) -> Hanging:
    """Return one observation as a line."""
    return Hanging(
        line(status_sign(observation.status).pad_right(0)),
        words(observation.summary),
        classes="observation",
    )


def evidence_of(session: Session, ids: Iterable[str]) -> list[Observation]:
    """Return the observations with the given ids, in the order of the session."""
    wanted = set(ids)
    return [o for o in session.observations if o.id in wanted]


def _glyph(one: "Progress") -> Content:
    if one.state == "done" and one.status is not None:
        return status_glyph(one.status)
    return words(_GLYPHS.get(one.state, " "), MUTED)


def _body(one: "Progress", *, brief: bool) -> Content:
    if brief:
        return line(one.title, (f": {STATUS[Status.PASS].word}", MUTED))
    word = STATUS[one.status].word if one.status is not None else _WORDS.get(one.state, one.state)
    message = "" if one.message in {"", word} else f": {one.message}"
    return line(one.title, "\n", (f"{word}{message}", MUTED))
