"""Files that only their owner may read, written so that a crash leaves the old one or the new one.

Reports and the history hold what an API answered about someone's events. They are no one else's
business on a shared machine, and half a report is worse than none.
"""

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

HISTORY_NAME = "history.sqlite3"
"""The file whose presence tells that a folder was chosen before, and is ours to use."""

_SUB_FOLDER = "pinned-tui"

_LONGEST_NAME = 200

_NEW_FILE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}
)

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What network file systems answer that have no such thing."""


class FileProblem(Exception):  # noqa: N818 - it is a problem of the user's, not an error
    """A file or folder can't be used; the message says why and what to do, for the user."""


def write_private(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write ``data`` to ``path``, readable by its owner only (0600 on POSIX).

    The bytes go to a temporary file beside ``path`` first and reach the disk before the name
    changes, so that ``path`` is never half written. A symbolic link, a device or a pipe is never
    written to nor replaced.

    Args:
        path: The file. Its folder must exist.
        data: The whole content.
        overwrite: Whether a file that is there already may be replaced.

    Raises:
        FileProblem: the file could not be written; nothing has changed.
    """
    with in_words(path, "write"):
        _refuse_unusable(path, overwrite=overwrite)
        part = path.with_name(f".pinned-tui-{secrets.token_hex(6)}.part")
        try:
            _write_new(part, data)
            _put_in_place(part, path, overwrite=overwrite)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(path.parent)


def require_writable(path: Path, *, overwrite: bool = False) -> None:
    """Make sure beforehand that :func:`write_private` would do it, as far as that can be told.

    Raises:
        FileProblem: it would not; the disk may be full all the same.
    """
    with in_words(path, "write"):
        _refuse_unusable(path, overwrite=overwrite)
        if not stat.S_ISDIR(path.parent.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def named(path: Path) -> str:
    """Return ``path`` for a message, unless what does not exist of it may be a key."""
    from pinned_tui.redaction.sanitize import clean_line
    from pinned_tui.redaction.secret import NOT_REPEATED, may_be_key

    there = next((above for above in (path, *path.parents) if os.path.lexists(above)), None)
    missing = path.relative_to(there) if there is not None else path
    return NOT_REPEATED if may_be_key(str(missing)) else clean_line(str(path), _LONGEST_NAME)


def _folder(path: Path) -> str:
    """Return the folder of ``path`` for a message; a key may have a slash, so not half of one."""
    from pinned_tui.redaction.secret import NOT_REPEATED

    return NOT_REPEATED if named(path) == NOT_REPEATED else named(path.parent)


def typed_path(name: str) -> Path:
    """Return the path that a user typed, with ``~`` for the home folder where there is one."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def private_file(path: Path) -> Path:
    """Make sure that ``path`` is a file that only its owner may read, for others to write to.

    A new one is empty. One that exists keeps its content and is not even opened: closing it would
    drop the locks that another part of this process may hold on it (POSIX).

    Returns:
        ``path``.

    Raises:
        FileProblem: the file can't be made, or the name is taken by something else.
    """
    with in_words(path, "create"):
        try:
            os.close(os.open(path, _NEW_FILE, PRIVATE_FILE))
        except FileExistsError:
            _refuse_unusable(path, overwrite=True)
            if sys.platform != "win32":
                _close_file(path)
    return path


def own_place(folder: Path) -> Path:
    """Return where to keep private things for someone who named ``folder``.

    That is ``folder`` itself where it is missing yet, private already, or holds a history. In a
    folder that others may look into it is a folder of our own: whoever named ``/tmp``, a home or a
    folder that a group shares did not ask for it to be closed to everybody else.
    """
    try:
        facts = folder.lstat()
    except (OSError, ValueError):
        return folder
    if not stat.S_ISDIR(facts.st_mode) or os.name != "posix":
        return folder
    if _holds_history(folder) or _is_private(facts):
        return folder
    return folder / _SUB_FOLDER


def private_folder(path: Path) -> Path:
    """Make sure that ``path`` is a folder of this account's that no one else may look into.

    Missing folders above it are made as well. One that is made gets the mode 0700 on POSIX; on
    Windows it inherits the permissions of the profile it is in. The mode of a folder that is there
    is never changed. What it is told not to be is said instead, unless it holds a history already:
    the files in it are private by themselves.

    Returns:
        ``path``.

    Raises:
        FileProblem: it can't be made, is a symbolic link or no folder, is someone else's, or
            others may look into it.
    """
    with in_words(path, "create"):
        made = _made(path)
        facts = path.lstat()
        if not stat.S_ISDIR(facts.st_mode):
            raise FileProblem(
                f"{named(path)} is a link or a file, not a folder. Nothing is kept there, because"
                " a link can lead to a place that others can read. Name the folder itself."
            )
        if sys.platform != "win32" and not made:
            _refuse_shared(path, facts)
    return path


def _made(path: Path) -> bool:
    """Make the folder ``path`` unless there is something of that name; return whether it did."""
    try:
        path.mkdir(mode=PRIVATE_FOLDER, parents=True)
    except FileExistsError:
        return False
    return True


@contextlib.contextmanager
def in_words(path: Path, verb: str) -> Iterator[None]:
    """Turn what the operating system says about ``path`` into a :class:`FileProblem`.

    Args:
        path: The file or folder that the user knows about.
        verb: What was tried, for example ``write``.
    """
    try:
        yield
    except OSError as error:
        raise FileProblem(_explain(error, path, verb)) from None
    except ValueError:  # a null byte or a lone surrogate in the name
        raise FileProblem(
            f"Can't {verb} {named(path)}: not a valid file name. Choose another one."
        ) from None


def _refuse_unusable(path: Path, *, overwrite: bool) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if stat.S_ISLNK(mode):
        raise FileProblem(
            f"{named(path)} is a link to another file. Links are not written to, because they can"
            " lead anywhere. Name the file itself, or choose another name."
        )
    if not stat.S_ISREG(mode):
        raise FileProblem(
            f"{named(path)} is a device or a pipe, not a file. Choose the name of a regular file."
        )
    if not overwrite:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _write_new(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, _NEW_FILE, PRIVATE_FILE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(part: Path, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        part.replace(path)
    elif os.name == "nt":
        part.rename(path)  # refuses by itself when the name is taken
    else:
        _link_in_place(part, path)


def _link_in_place(part: Path, path: Path) -> None:
    """Give ``part`` the name ``path`` unless it is taken: POSIX has no rename that refuses."""
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _refuse_unusable(path, overwrite=False)
        part.replace(path)


def _sync_folder(folder: Path) -> None:
    """Have the new name on disk as well, where a folder can be opened at all (POSIX)."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except PermissionError:  # a folder that one may write to but not list
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _holds_history(folder: Path) -> bool:
    """Return whether a history of this account's is in ``folder``."""
    try:
        facts = (folder / HISTORY_NAME).lstat()
    except OSError:
        return False
    own = sys.platform == "win32" or os.geteuid() == facts.st_uid
    return own and stat.S_ISREG(facts.st_mode)


def _is_private(facts: os.stat_result) -> bool:
    """Return whether a folder belongs to this account and no one else may look into it."""
    if sys.platform == "win32":
        return True
    return os.geteuid() == facts.st_uid and not stat.S_IMODE(facts.st_mode) & 0o077


if sys.platform != "win32":

    def _close_file(path: Path) -> None:
        """Close a file of our own name to others; one that someone else put there is not used."""
        facts = path.lstat()
        if os.geteuid() not in (facts.st_uid, 0):
            raise FileProblem(
                f"{named(path)} belongs to another account. Move it away, or choose a folder of"
                " your own."
            )
        if stat.S_IMODE(facts.st_mode) & 0o077:
            path.chmod(PRIVATE_FILE)

    def _refuse_shared(path: Path, facts: os.stat_result) -> None:
        if os.geteuid() not in (facts.st_uid, 0):
            raise FileProblem(
                f"The folder {named(path)} belongs to another account, which could read what is"
                " kept there. Choose a folder of your own."
            )
        if stat.S_IMODE(facts.st_mode) & 0o077 and not _holds_history(path):
            raise FileProblem(
                f"Others on this machine can read the folder {named(path)}, so nothing private"
                " is kept there, and its permissions are not changed. Name a folder that is yours"
                " alone (chmod 700), or one that does not exist yet: it is created that way."
            )


def _explain(error: OSError, path: Path, verb: str) -> str:
    """Say what happened to ``path``, what it means and what to do."""
    code = error.errno
    if code in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        why = "The disk is full, or your share of it. Free some space, or choose another disk."
    elif code == errno.EFBIG:
        why = "The file would be larger than this account may write. Raise the limit (ulimit -f)."
    elif code in (errno.EACCES, errno.EPERM):
        why = (
            "You don't have permission, or another program holds the file. Choose a folder of your"
            " own, or close that program."
        )
    elif code == errno.EROFS:
        why = "The disk is read-only. Choose a place on another disk."
    elif code == errno.ENOENT:
        why = f"The folder {_folder(path)} does not exist. Create it, or choose another folder."
    elif code == errno.ENOTDIR:
        why = "Part of its path is a file, not a folder. Correct the path."
    elif code == errno.EISDIR:
        why = "This is a folder. Add a file name."
    elif code == errno.EEXIST:
        why = "The name is taken. Choose another one, or allow it to be overwritten."
    elif code == errno.ENAMETOOLONG:
        why = "The name is too long. Choose a shorter one."
    else:
        why = f"The system says: {error.strerror or 'unknown error'}. Choose another place."
    return f"Can't {verb} {named(path)}. {why}"
