"""Text on the screen. All of it goes through :class:`~textual.content.Content`, never markup."""

from collections.abc import Iterable, Iterator

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import CERTAINTY, OUTCOME, SCOPE, STATUS, Glyph
from pinned_tui.session import Certainty, Outcome, ScopeState, Status

MUTED = "$muted"
STRONG = "bold"
ACCENT = "bold $text-accent"

_STATUS_STYLES = {
    Status.PASS: "bold $text-success",
    Status.FAIL: "bold $text-error",
    Status.WARN: "bold $text-warning",
    Status.SKIP: MUTED,
    Status.UNKNOWN: "bold $text-warning",
}
_OUTCOME_STYLES = {
    Outcome.HEALTHY: "bold $text-success",
    Outcome.PROBLEM: "bold $text-error",
    Outcome.INCONCLUSIVE: "bold $text-warning",
    None: MUTED,
}
_SCOPE_STYLES = {
    ScopeState.PRESENT: "bold $text-success",
    ScopeState.MISSING: "bold $text-error",
    ScopeState.UNKNOWN: "bold $text-warning",
    ScopeState.NOT_PROBED: MUTED,
}


MOST_CHARACTERS = 4_000
"""Of one text on a page. A report from elsewhere may hold one of many megabytes, and wrapping that
would leave the app deaf for minutes."""

MOST_ROWS = 400
"""Of one list on a page, for the same reason."""


def words(text: str, style: str = "", *, most: int = MOST_CHARACTERS) -> Content:
    """Return ``text`` as it is, brackets and all, in one style; what is too long is cut.

    Args:
        text: The text.
        style: The style.
        most: How many characters of it are shown.
    """
    shown = text if len(text) <= most else text[:most] + _cut(len(text) - most)
    return Content.styled(shown, style) if style else Content(shown)


def block(text: str) -> Content:
    """Return a text of many lines, such as a report, of which much more is shown."""
    return words(text, most=16 * MOST_CHARACTERS)


def _cut(count: int) -> str:
    return f"… (cut here, {count:,} more {'character' if count == 1 else 'characters'})"


def bounded(widgets: Iterable[Widget], most: int = MOST_ROWS) -> Iterator[Widget]:
    """Yield the first of ``widgets``, and say so where there are more."""
    for number, one in enumerate(widgets):
        if number == most:
            yield Static(words("… and more than fits here. The report has all of it.", MUTED))
            return
        yield one


def line(*parts: "Content | str | tuple[str, str]") -> Content:
    """Join parts; a pair is a text and its style."""
    return Content("").join(
        words(*part) if isinstance(part, tuple) else words(part) if isinstance(part, str) else part
        for part in parts
    )


def _sign(sign: Glyph, style: str) -> Content:
    return words(str(sign), style)


def status_sign(status: Status) -> Content:
    """Return the glyph, the word and the colour of a status."""
    return _sign(STATUS[status], _STATUS_STYLES[status])


def status_glyph(status: Status) -> Content:
    """Return the glyph and colour alone, for where words say the same beside it."""
    return words(STATUS[status].glyph, _STATUS_STYLES[status])


def outcome_sign(outcome: Outcome | None) -> Content:
    """Return the glyph, the word and the colour of an outcome."""
    return _sign(OUTCOME[outcome], _OUTCOME_STYLES[outcome])


def scope_sign(state: ScopeState) -> Content:
    """Return the glyph, the word and the colour of what is known of a scope."""
    return _sign(SCOPE[state], _SCOPE_STYLES[state])


def certainty_sign(certainty: Certainty) -> Content:
    """Return the glyph and the word of a certainty."""
    return words(str(CERTAINTY[certainty]), STRONG)


def _shortened(body: Content) -> Content:
    most = 4 * MOST_CHARACTERS  # several texts may have been put together
    return body if len(body) <= most else body[:most] + _cut(len(body) - most)


class HangingIndent(Widget):
    """A paragraph behind a mark, such as a number, that its further lines are indented to."""

    DEFAULT_CSS = "HangingIndent { width: 1fr; height: auto; }"

    def __init__(
        self,
        mark: Content | str,
        body: Content | str,
        *,
        classes: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Draw ``body`` behind ``mark``."""
        super().__init__(classes=classes, id=id)
        self._mark = mark if isinstance(mark, Content) else Content(mark)
        self._body = _shortened(body if isinstance(body, Content) else words(body))

    def update(self, mark: Content, body: Content) -> None:
        """Draw another text from now on."""
        self._mark, self._body = mark, _shortened(body)
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        indent = self._mark.cell_length + 1
        lines = self._body.wrap(max(1, width - indent)) or [Content("")]
        blank = Content(" " * indent)
        return [self._mark + " " + lines[0], *(blank + part for part in lines[1:])]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Return the width that the text would like to have."""
        del viewport
        longest = max(part.cell_length for part in self._body.split("\n", allow_blank=True))
        return min(container.width, self._mark.cell_length + 1 + longest)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the count of lines at ``width`` columns."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the wrapped paragraph."""
        return Content("\n").join(self._lines(self.content_size.width))
