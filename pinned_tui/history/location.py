"""Where the history is kept."""

from collections.abc import Mapping
from pathlib import Path

DATA_FOLDER_VARIABLE = "PINNED_TUI_DATA_DIR"
"""Names another folder for everything that pinned-tui keeps."""

FILE_NAME = "history.sqlite3"


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what pinned-tui keeps; it need not exist yet.

    Args:
        environment: The environment variables, of which ``PINNED_TUI_DATA_DIR`` wins over the
            place that the system has for such data.
    """
    named = environment.get(DATA_FOLDER_VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path  # costs start-up, and often isn't needed

    return user_data_path("pinned-tui", appauthor=False)


def default_path(environment: Mapping[str, str]) -> Path:
    """Return the file that holds the history."""
    return data_folder(environment) / FILE_NAME
