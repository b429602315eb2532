"""Text on the screen. All of it goes through :class:`~textual.content.Content`, never markup."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from pinned_tui.session import Certainty, Outcome, ScopeState, Status
from pinned_tui.wording import CERTAINTY, OUTCOME, SCOPE, STATUS, Sign

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


def words(text: str, style: str = "") -> Content:
    """Return ``text`` as it is, brackets and all, in one style."""
    return Content.styled(text, style) if style else Content(text)


def line(*parts: "Content | str | tuple[str, str]") -> Content:
    """Join parts; a pair is a text and its style."""
    return Content("").join(
        words(*part) if isinstance(part, tuple) else words(part) if isinstance(part, str) else part
        for part in parts
    )


def _sign(sign: Sign, style: str) -> Content:
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


class Hanging(Widget):
    """A paragraph behind a mark, such as a number, that its further lines are indented to."""

    DEFAULT_CSS = "Hanging { width: 1fr; height: auto; }"

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
        self._body = body if isinstance(body, Content) else Content(body)

    def update(self, mark: Content, body: Content) -> None:
        """Draw another text from now on."""
        self._mark, self._body = mark, body
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
