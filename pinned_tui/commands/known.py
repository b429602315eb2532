"""The key of the environment as every command knows it, also those that take no key.

Whoever has ``PINNED_EVENTS_API_KEY`` set may paste a text with that key in it, open a report of
somebody who had it, or meet it in an error message.
"""

import os
from collections.abc import Mapping, Sequence

from pinned_tui.commands.key import VARIABLE
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Session, decode, encode


def environment_secrets(environ: Mapping[str, str] = os.environ) -> list[Secret]:
    """Return what the environment holds that must not get out; empty where it holds nothing."""
    value = environ.get(VARIABLE)
    return [Secret(value, source="environment")] if value and value.strip() else []


def without_known(session: Session, secrets: Sequence[Secret]) -> Session:
    """Return ``session``, which comes from a file, without ``secrets``.

    What this program writes holds none. A file may be another program's, or have been written
    before the key was known.
    """
    if not secrets:
        return session
    import msgspec

    from pinned_tui.privacy.redact import Redactor  # costs start-up

    redactor = Redactor(secrets)
    document = encode(session)
    if not redactor.knows(document.decode("utf-8")):
        return session
    plain = redactor.json(msgspec.json.decode(document), by_look=False)
    return decode(msgspec.json.encode(plain))


def text_without_known(text: str, secrets: Sequence[Secret]) -> str:
    """Return ``text`` without ``secrets``."""
    if not secrets:
        return text
    from pinned_tui.privacy.redact import Redactor  # costs start-up

    return Redactor(secrets).text(text, by_look=False)
