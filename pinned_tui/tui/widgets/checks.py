"""The live checks: what each one finds out, and where it stands."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalGroup
from textual.content import Content
from textual.widgets import Static

from pinned_tui.core.labels import STATUS
from pinned_tui.session import Observation, Status
from pinned_tui.tui.widgets.text import MUTED, HangingIndent, line, status_glyph, words

if TYPE_CHECKING:
    from pinned_tui.checks.run import Progress

_WORDS = {"waiting": "waiting", "running": "running", "skipped": "skipped", "cancelled": "stopped"}
_GLYPHS = {"waiting": "·", "running": "◌", "skipped": "–", "cancelled": "–"}  # noqa: RUF001


class CheckList(VerticalGroup):
    """One line a check with its message below it."""

    DEFAULT_CSS = "CheckList { height: auto; }"

    def show(
        self,
        progress: "Iterable[Progress]",
        *,
        brief: bool = False,
        about: Sequence[Observation] = (),
    ) -> None:
        """Show where the checks stand.

        Args:
            progress: The checks.
            brief: Whether what passed takes one line.
            about: What the question beside it is about, shown with the check that saw it; not so
                where the question's own column shows it.
        """
        beside = brief and not self.screen.has_class("-narrow")
        rows = {row.id: row for row in self.query(HangingIndent)}
        for one in progress:
            observations = [seen for seen in about if seen.probe == one.probe]
            mark, body = _glyph(one), check_body(one, observations, brief=brief, beside=beside)
            row = rows.get(f"check-{one.probe}")
            if row is None:
                self.mount(HangingIndent(mark, body, id=f"check-{one.probe}"))
            else:
                row.update(mark, body)


class CheckLine(Static):
    """The live checks in one line: how many turned out how, by sign and word."""

    def __init__(self, *, named: bool = False, classes: str | None = None) -> None:
        """Say with ``named`` what the line is about."""
        super().__init__(Content(""), classes=classes)
        self._named = named

    def show(self, progress: "Iterable[Progress]", *, running: bool) -> None:
        """Show how far the checks are and how they turned out."""
        summary = check_line(list(progress), running=running, roomy=self._named)
        self.update(line(("Live checks  ", MUTED), summary) if self._named else summary)


def check_line(progress: "list[Progress]", *, running: bool, roomy: bool) -> Content:
    """Return the checks in one line: how far they are, and how they turned out."""
    if not progress:
        return words("none yet", MUTED)
    parts = []
    if running:
        ended = sum(one.state not in {"waiting", "running"} for one in progress)
        parts.append(words(f"{ended} of {len(progress)} done"))
    for status in Status:
        count = sum(_status(one) is status for one in progress)
        if count:
            parts.append(line(status_glyph(status), f" {count} {STATUS[status].word}"))
    return words("  " if roomy else " ").join(parts)


def _status(one: "Progress") -> Status | None:
    if one.state in {"skipped", "cancelled"}:
        return Status.SKIP
    return one.status if one.state == "done" else None


def _glyph(one: "Progress") -> Content:
    if one.state == "done" and one.status is not None:
        return status_glyph(one.status)
    return words(_GLYPHS.get(one.state, " "), MUTED)


def check_body(
    one: "Progress", observations: Sequence[Observation], *, brief: bool, beside: bool
) -> Content:
    """Return a check with what it saw of the question in hand, and always with why it failed.

    Args:
        one: The check.
        observations: What it observed about the question.
        brief: Whether what passed takes one line.
        beside: Whether that is shown beside it already, and not to be said twice.
    """
    said_there = any(seen.summary == one.message for seen in observations)
    if observations and not beside:
        failed = one.status is Status.FAIL and not said_there
        reason = [line(status_glyph(Status.FAIL), " ", one.message)] if failed else []
        return words("\n").join([words(one.title), *reason, seen_lines(observations)])
    return _body(one, brief=brief and (one.status is Status.PASS or (beside and said_there)))


def seen_lines(observations: Sequence[Observation]) -> Content:
    """Return what was seen, a line each with its sign."""
    lines = [line(status_glyph(seen.status), " ", seen.summary) for seen in observations]
    return words("\n").join(lines)


def _body(one: "Progress", *, brief: bool) -> Content:
    if brief:
        return words(one.title)
    word = STATUS[one.status].word if one.status is not None else _WORDS.get(one.state, one.state)
    message = "" if one.message in {"", word} else f": {one.message}"
    return line(one.title, "\n", (f"{word}{message}", MUTED))
