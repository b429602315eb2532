"""Reads what a person hands over in a file or a pipe: a key, a payload, anything to inspect.

For every face alike.
"""

from pathlib import Path

from pinned_tui.files import FileProblem, in_words, named, typed_path
from pinned_tui.privacy.clean import clean_line
from pinned_tui.privacy.secret import Secret

LARGEST_KEY = 16 * 1024
LARGEST_INPUT = 64 * 1024 * 1024
"""Octets of an input that are inspected; the work needs several times as much memory."""

_LARGEST_PAYLOAD = 4 * 1024 * 1024


def read_key_file(name: str) -> Secret:
    """Return the key in the file ``name``.

    Raises:
        FileProblem: the file can't be read, or can't be a key.
    """
    path = typed_path(name)
    return read_key(_read(path, LARGEST_KEY), source="file", shown=named(path))


def read_key(data: bytes, *, source: str, shown: str) -> Secret:
    """Return the key in ``data``, without the one line end that ``echo`` and editors add.

    Whatever else stands around it stays: a program that reads the file would send it.

    Args:
        data: What was read, of which no more is needed than one octet over the limit.
        source: Where it came from in a word, for example ``file``.
        shown: The same for a message.

    Raises:
        FileProblem: it is no text, or too long.
    """
    if len(data) > LARGEST_KEY:
        raise FileProblem(
            f"{shown} is over {LARGEST_KEY // 1024} KiB. Give the key and nothing else."
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(
            f"{shown} is no text in UTF-8, so it can't hold a key. Save the key as plain text."
        ) from None
    end = next((end for end in ("\r\n", "\n") if text.endswith(end)), "")
    return Secret(text.removesuffix(end), source=source)


def read_payload_file(name: str) -> tuple[bytes, str]:
    """Return the bytes of the file ``name``, and its name without the folder.

    Raises:
        FileProblem: the file can't be read, or is too large for a create request.
    """
    path = typed_path(name)
    data = _read(path, _LARGEST_PAYLOAD)
    if len(data) > _LARGEST_PAYLOAD:
        raise FileProblem(
            f"{named(path)} is over {_LARGEST_PAYLOAD // 1024} KiB. Name the file with the body of"
            " one create request."
        )
    return data, clean_line(path.name, 120)


def read_input_file(name: str) -> tuple[bytes, str]:
    """Return the bytes of a file to inspect, and its name without the folder.

    Raises:
        FileProblem: the file can't be read, or is too large.
    """
    path = typed_path(name)
    data = within_input(_read(path, LARGEST_INPUT), named(path))
    return data, clean_line(path.name, 120)


def within_input(data: bytes, shown: str) -> bytes:
    """Return ``data``, of which no more is needed than one octet over the limit.

    Raises:
        FileProblem: it is over :data:`LARGEST_INPUT`.
    """
    if len(data) > LARGEST_INPUT:
        raise FileProblem(
            f"{shown} is over {LARGEST_INPUT // 1024 // 1024} MiB. Cut out the part in question,"
            " for example with head, tail or grep."
        )
    return data


def _read(path: Path, most: int) -> bytes:
    """Read the file, up to one octet more than ``most``."""
    with in_words(path, "read"):
        try:
            with path.open("rb") as file:
                return file.read(most + 1)
        except FileNotFoundError:
            raise FileProblem(
                f"There is no file {named(path)}. Check its name and folder."
            ) from None
