"""Tells the keys of a session apart without showing them."""

from pinned_tui.redaction.secret import Secret


class KeyNames:
    """Names the keys of one session: ``key-1`` is the first that was tried, and so on.

    Before and after a replacement, the requests then show which of the two was sent.
    """

    def __init__(self) -> None:
        """Begin without keys."""
        self._named: list[Secret] = []

    def named(self, secret: Secret) -> Secret:
        """Return ``secret`` under its name in this session."""
        for known in self._named:
            if known == secret:
                return Secret(secret.reveal(), source=secret.source, name=known.name)
        named = Secret(secret.reveal(), source=secret.source, name=f"key-{len(self._named) + 1}")
        self._named.append(named)
        return named
