"""Finds the next of several words in a long text, each stretch of which is searched only once."""


class NextCue:
    """Looks for words in a text from its beginning to its end."""

    def __init__(self, text: str, words: tuple[str, ...]) -> None:
        self._text = text
        self._places = dict.fromkeys(words, -1)
        self._next = -1

    def after(self, start: int) -> int:
        """Return where the first word at or behind ``start`` begins; the text's length without one.

        ``start`` must not be smaller than in the call before.
        """
        if self._next < start:
            text = self._text
            for word, place in self._places.items():
                if place < start:
                    found = text.find(word, start)
                    self._places[word] = found if found >= 0 else len(text)
            self._next = min(self._places.values(), default=len(text))
        return self._next
