"""Text that was changed, with the place that each of its characters had before."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from pinned_tui.inspect.model import Span


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A part of a text, and what stands in its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text made from another one.

    Attributes:
        text: The text.
        places: For each of its characters, the offset in the original.
    """

    text: str
    places: "array[int]"

    @classmethod
    def of(cls, text: str) -> "MappedText":
        """Return ``text`` itself."""
        return cls(text, array("q", range(len(text))))

    def edited(self, edits: Iterable[TextEdit]) -> "MappedText":
        """Return it with ``edits`` made, which follow each other and do not overlap."""
        texts: list[str] = []
        places = array("q")
        done = 0
        for edit in edits:
            texts += (self.text[done : edit.start], edit.text)
            places.extend(self.places[done : edit.start])
            at = self._place(edit.start)
            places.extend([at] * len(edit.text))
            done = edit.end
        texts.append(self.text[done:])
        places.extend(self.places[done:])
        return MappedText("".join(texts), places)

    def cut(self, spans: Iterable[Span], between: str) -> "MappedText":
        """Return the parts of it that stand at ``spans``, with ``between`` between them."""
        texts: list[str] = []
        places = array("q")
        for span in spans:
            if texts:
                texts.append(between)
                places.extend([self._place(span.start)] * len(between))
            texts.append(self.text[span.start : span.end])
            places.extend(self.places[span.start : span.end])
        return MappedText("".join(texts), places)

    def original(self, span: Span) -> Span:
        """Return where a part of it stood in the original."""
        start = self._place(span.start)
        if span.end <= span.start:
            return Span(start, start)
        return Span(start, max(self._place(span.end - 1) + 1, start))

    def _place(self, at: int) -> int:
        if at < len(self.places):
            return self.places[at]
        return self.places[-1] + 1 if self.places else 0
