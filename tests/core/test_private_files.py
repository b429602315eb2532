"""Private files: whole or not there, for their owner only, and refusals in plain words."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.core.private_files import (
    HISTORY_NAME,
    FileProblem,
    own_place,
    private_file,
    private_folder,
    write_private,
)
from tests.accounts import NOBODY, unprivileged_folder

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these, Windows not")

WRITER = """
import sys
from pathlib import Path
from pinned_tui.core.private_files import FileProblem, write_private
path, most = Path(sys.argv[1]), int(sys.argv[2])
if most:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
number = 0
while True:
    try:
        write_private(path, b"%d" % (number % 10) * 300_000, overwrite=True)
    except FileProblem as problem:
        print(problem)
        break
    print("written", flush=True)
    number += 1
"""


@pytest.fixture(name="own_folder")
def _own_folder() -> Iterator[Path]:
    with unprivileged_folder() as folder:
        yield folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def writer(path: Path, most: int = 0) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(most)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("data", [b"", b"report\r\n\x00", b"x" * 3_000_000])
def test_what_is_written_is_all_there_and_nothing_beside_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "report.md"
    write_private(path, data)
    assert path.read_bytes() == data
    assert names(tmp_path) == ["report.md"]


@posix_only
def test_a_written_file_is_its_owners_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "new", b"1")
        (tmp_path / "old").write_bytes(b"0")
        write_private(tmp_path / "old", b"1", overwrite=True)
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == mode(tmp_path / "old") == 0o600


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_bytes(b"old")
    with pytest.raises(FileProblem, match=r"report\.md\. The name is taken"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    write_private(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["report.md"]


@posix_only
def test_without_hard_links_a_file_that_is_there_still_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a memory stick with FAT, which this machine may not have at hand."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "report.md"
    write_private(path, b"first")
    with pytest.raises(FileProblem, match="The name is taken"):
        write_private(path, b"second")
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["report.md"]


def test_a_file_that_appears_at_the_last_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"theirs"))
    with pytest.raises(FileProblem, match="The name is taken"):
        write_private(path, b"mine")
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["report.md"]


@posix_only
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    link = tmp_path / "report.md"
    for aim in (tmp_path / "theirs", tmp_path / "missing"):
        link.symlink_to(aim)
        with pytest.raises(FileProblem, match="is a link"):
            write_private(link, b"mine", overwrite=overwrite)
        link.unlink()
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert names(tmp_path) == ["theirs"]


@posix_only
def test_a_device_or_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(FileProblem, match="a device or a pipe"):
            write_private(path, b"data", overwrite=True)
    assert pipe.is_fifo()
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/report.md", "missing does not exist"),
        ("file/report.md", "is a file, not a folder"),
        ("folder", "This is a folder"),
        ("n" * 300, "name is too long"),
        ("nul\0l", "not a valid file name"),
        ("half \ud800", "not a valid file name"),
    ],
)
@posix_only
def test_what_can_not_be_written_is_said_with_what_to_do(
    tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileProblem, match=words):
        write_private(tmp_path / name, b"data", overwrite=True)
    assert names(tmp_path) == ["file", "folder"]


@posix_only
def test_a_folder_without_permission_is_named(own_folder: Path) -> None:
    own_folder.chmod(0o500)
    with pytest.raises(FileProblem, match="You don't have permission"):
        write_private(own_folder / "report.md", b"data")


@posix_only
def test_a_folder_that_can_not_be_listed_can_be_written_to(own_folder: Path) -> None:
    own_folder.chmod(0o300)
    write_private(own_folder / "report.md", b"data")
    assert (own_folder / "report.md").read_bytes() == b"data"


@posix_only
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_private(path, b"old")
    with writer(path, most=100_000) as process:
        output, _ = process.communicate()
    assert "larger than this account may write" in output
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.md"]


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only")]
)
def test_a_fault_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    path = tmp_path / "report.md"
    write_private(path, b"old")

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileProblem, match=words):
        write_private(path, b"new", overwrite=True)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.md"]


@pytest.mark.parametrize("written", [1, 2, 5])
def test_a_process_killed_while_writing_leaves_one_whole_file(tmp_path: Path, written: int) -> None:
    path = tmp_path / "report.md"
    with writer(path) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(written)]
        process.kill()
    assert seen == ["written\n"] * written
    data = path.read_bytes()
    assert len(data) == 300_000
    assert len(set(data)) == 1


@posix_only
def test_a_private_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert private_folder(folder) == folder
    assert mode(folder) == 0o700
    assert private_folder(folder) == folder


@posix_only
def test_a_link_or_a_file_is_no_private_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link", "dangling"):
        with pytest.raises(FileProblem, match="not a folder"):
            private_folder(tmp_path / name)
    assert not (tmp_path / "nowhere").exists()


@posix_only
@pytest.mark.parametrize("shared", [0o1777, 0o755, 0o2770, 0o711, 0o777])
def test_a_folder_that_others_look_into_stays_as_it_is(tmp_path: Path, shared: int) -> None:
    tmp_path.chmod(shared)
    with pytest.raises(FileProblem, match="its permissions are not changed"):
        private_folder(tmp_path)
    assert mode(tmp_path) == shared
    (tmp_path / HISTORY_NAME).touch()
    assert private_folder(tmp_path) == tmp_path
    assert mode(tmp_path) == shared


@posix_only
@pytest.mark.parametrize("shared", [0o1777, 0o755, 0o2770, 0o711])
def test_a_shared_folder_that_is_named_gets_a_private_one_within(
    tmp_path: Path, shared: int
) -> None:
    tmp_path.chmod(shared)
    place = private_folder(own_place(tmp_path))
    assert place == tmp_path / "pinned-tui"
    assert (mode(tmp_path), mode(place) & 0o777) == (shared, 0o700)
    assert private_folder(own_place(tmp_path)) == place  # found again
    place.chmod(0o755)
    with pytest.raises(FileProblem, match="its permissions are not changed"):
        private_folder(own_place(tmp_path))
    assert mode(place) == 0o755


@posix_only
def test_a_folder_that_is_private_missing_or_holds_a_history_is_used_itself(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o700)
    assert own_place(tmp_path) == tmp_path
    assert own_place(tmp_path / "missing") == tmp_path / "missing"
    (tmp_path / "file").touch()
    assert own_place(tmp_path / "file") == tmp_path / "file"
    tmp_path.chmod(0o755)
    (tmp_path / HISTORY_NAME).touch()
    assert own_place(tmp_path) == tmp_path


@posix_only
def test_the_root_of_the_disk_is_never_used_itself() -> None:
    """Whoever owns it: it is only looked at here."""
    before = mode(Path("/"))
    assert own_place(Path("/")) == Path("/pinned-tui")
    assert mode(Path("/")) == before


@posix_only
def test_a_history_that_another_account_planted_is_not_used(own_folder: Path) -> None:
    if own_folder.parent.stat().st_uid == os.geteuid():
        pytest.skip("only root can make a file that belongs to another account")
    own_folder.chmod(0o755)
    os.seteuid(0)
    (own_folder / HISTORY_NAME).touch()
    os.seteuid(NOBODY)
    assert own_place(own_folder) == own_folder / "pinned-tui"
    with pytest.raises(FileProblem, match="belongs to another account"):
        private_file(own_folder / HISTORY_NAME)


@posix_only
def test_a_folder_of_another_account_is_not_used(own_folder: Path) -> None:
    if own_folder.parent.stat().st_uid == os.geteuid():
        pytest.skip("only root can make a folder that belongs to another account")
    with pytest.raises(FileProblem, match="belongs to another account"):
        private_folder(own_folder.parent)


@posix_only
def test_a_private_file_keeps_its_content_and_closes_to_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    private_file(path)
    assert path.read_bytes() == b""
    assert mode(path) == 0o600
    path.write_bytes(b"content")
    path.chmod(0o644)
    assert private_file(path) == path
    assert path.read_bytes() == b"content"
    assert mode(path) == 0o600
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(FileProblem, match="is a link"):
        private_file(tmp_path / "link")
