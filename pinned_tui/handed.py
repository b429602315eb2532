"""Reads what a person hands over in a file or a pipe: a key, a payload. For every face alike."""

from pathlib import Path

from pinned_tui.files import FileProblem, in_words
from pinned_tui.privacy.clean import clean_line
from pinned_tui.privacy.secret import Secret

LARGEST_KEY = 16 * 1024
_LARGEST_PAYLOAD = 4 * 1024 * 1024


def read_key_file(name: str) -> Secret:
    """Return the key in the file ``name``.

    Raises:
        FileProblem: the file can't be read, or can't be a key.
    """
    data = _read(name, LARGEST_KEY, "A file with a key holds the key and nothing else.")
    return read_key(data, source="file", shown=clean_line(name, 80))


def read_key(data: bytes, *, source: str, shown: str) -> Secret:
    """Return the key in ``data``, without the one line end that ``echo`` and editors add.

    Whatever else stands around it stays: a program that reads the file would send it.

    Raises:
        FileProblem: it is no text; ``shown`` names where it came from.
    """
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
    data = _read(name, _LARGEST_PAYLOAD, "Name the file with the body of one create request.")
    return data, clean_line(Path(name).name, 120)


def _read(name: str, most: int, meant: str) -> bytes:
    path = Path(name).expanduser()
    with in_words(path, "read"):
        try:
            with path.open("rb") as file:
                data = file.read(most + 1)
        except FileNotFoundError:
            raise FileProblem(
                f"There is no file {clean_line(str(path), 120)}. Check its name and folder."
            ) from None
    if len(data) > most:
        raise FileProblem(f"{clean_line(str(path), 120)} is over {most // 1024} KiB. {meant}")
    return data
