"""Where the history is kept."""

from collections.abc import Mapping
from pathlib import Path

from pinned_tui.core.private_files import HISTORY_NAME, own_place, typed_path

DATA_FOLDER_VARIABLE = "PINNED_TUI_DATA_DIR"
"""Names another folder for everything that pinned-tui keeps."""

FILE_NAME = HISTORY_NAME


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what pinned-tui keeps; it need not exist yet.

    Args:
        environment: The environment variables, of which ``PINNED_TUI_DATA_DIR`` wins over the
            place that the system has for such data. In a folder that others may look into it is
            a folder of our own, see :func:`pinned_tui.core.private_files.own_place`.
    """
    named = environment.get(DATA_FOLDER_VARIABLE, "").strip()
    if named:
        return own_place(typed_path(named).absolute())
    from platformdirs import user_data_path  # costs start-up, and often isn't needed

    return own_place(user_data_path("pinned-tui", appauthor=False))


def default_path(environment: Mapping[str, str]) -> Path:
    """Return the file that holds the history."""
    return data_folder(environment) / FILE_NAME
