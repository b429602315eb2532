"""Whatever is named in place of a file: it is read, or it is said what it is, and soon."""

import gzip
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pinned_tui.cli.parser import main
from pinned_tui.core import input_files
from pinned_tui.core.private_files import FileProblem
from pinned_tui.report.json_report import LONGEST_TEXT, MOST_LISTED, MOST_OBSERVATIONS, read, render
from pinned_tui.session import Session, encode, replace
from tests import samples

posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


def _read_input(name: str) -> tuple[bytes, str]:
    with input_files.opened_input(name) as opened:
        return b"".join(opened.pieces), opened.name


READERS: dict[str, Callable[[str], object]] = {
    "key": input_files.read_key_file,
    "payload": input_files.read_payload_file,
    "input": _read_input,
    "session": input_files.read_session_file,
}

every_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s"))
    return folder / "s"


def _linked(folder: Path) -> Path:
    (folder / "link").symlink_to("/dev/zero")
    return folder / "link"


ODD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "missing", "There is no file"),
    "a folder": (lambda folder: folder, "is a folder"),
    "an endless device": (lambda _: Path("/dev/zero"), "is a device"),
    "a link to an endless device": (_linked, "is a device"),
    "an empty device": (lambda _: Path(os.devnull), "is a device"),
    "a socket": (_socket, "is a socket"),
    "a pipe that nobody writes to": (_pipe, "is a pipe that nothing writes to"),
    "a name that is too long": (lambda folder: folder / ("x" * 5000), "The name is too long"),
    "a name that no file has": (lambda _: Path("a\0b"), "not a valid file name"),
    "below a file": (lambda _: Path(__file__) / "x", "is a file, not a folder"),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "_PIPE_BEGINS_S", 0.05)


@posix
@every_reader
@pytest.mark.parametrize(("make", "says"), ODD.values(), ids=ODD)
def test_what_is_no_file_is_said_to_be_what_it_is(
    reader: Callable[[str], object], make: Callable[[Path], Path], says: str, tmp_path: Path
) -> None:
    with pytest.raises(FileProblem, match=says):
        reader(str(make(tmp_path)))


@posix
@every_reader
def test_a_pipe_is_read_as_it_comes(reader: Callable[[str], object], tmp_path: Path) -> None:
    path, document = _pipe(tmp_path), b'{"a": "' + b"x" * 3000 + b'"}'
    (tmp_path / "file").write_bytes(document)

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for start in range(0, len(document), 500):
                file.write(document[start : start + 500])

    writer = threading.Thread(target=write)
    writer.start()
    came = reader(str(path))
    writer.join()
    expected = reader(str(tmp_path / "file"))
    assert came == ((expected[0], "pipe") if isinstance(expected, tuple) else expected)


@posix
def test_a_pipe_that_stays_open_and_silent_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_files, "_PIPE_GOES_ON_S", 0.05)
    path = _pipe(tmp_path)
    held = os.open(path, os.O_RDWR)  # both ends, so that it does not wait for the other
    os.write(held, b"{")
    try:
        with pytest.raises(FileProblem, match="nothing came for"):
            _read_input(str(path))
    finally:
        os.close(held)


@posix
def test_of_an_endless_pipe_no_more_is_read_than_is_needed(tmp_path: Path) -> None:
    path, stop = _pipe(tmp_path), threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            while not stop.is_set():
                try:
                    file.write(b"0" * 65536)
                except BrokenPipeError:
                    return

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(FileProblem, match="over 16 KiB"):
        input_files.read_key_file(str(path))
    stop.set()
    writer.join()


# -- open FILE -------------------------------------------------------------------------------------


ENCODED: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 as PowerShell writes it": lambda text: text.encode("utf-16"),
    "UTF-16 the other way round": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 the other way round, without": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "with lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("write", ENCODED.values(), ids=ENCODED)
def test_a_report_is_read_in_whatever_encoding_it_was_saved(
    write: Callable[[str], bytes], tmp_path: Path
) -> None:
    (tmp_path / "report").write_bytes(write(render(samples.told())))
    assert read(input_files.read_session_file(str(tmp_path / "report"))) == samples.told()


OTHERS = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \r\n\t", "is empty"),
    "packed by gzip": (gzip.compress(b"{}"), r"is packed \(gzip\)"),
    "a zip archive": (b"PK\x03\x04rest", r"is packed \(zip\)"),
    "a Markdown report": (b"# \xe2\x9c\x97 The key\n", "is a Markdown report"),
    "a web page": (b"<!doctype html>", "is a web page"),
    "a log": (b"2026-01-01 POST /events 201\n", "is not a pinned-tui JSON report"),
    "a list": (b"[1]", "is not a pinned-tui JSON report"),
    "binary": (b"\x7fELF\x02\x01", "is not a pinned-tui JSON report"),
}


@pytest.mark.parametrize(("content", "says"), OTHERS.values(), ids=OTHERS)
def test_a_file_that_is_no_report_is_said_to_be_what_it_is(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert main(["open", str(tmp_path / "file")]) == 2
    told = capsys.readouterr().err
    with pytest.raises(FileProblem, match=says):
        input_files.read_session_file(str(tmp_path / "file"))
    assert str(tmp_path / "file") in told


def test_json_that_is_no_session_leads_to_inspect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trace.har").write_text('{"log": {"entries": []}}')
    assert main(["open", str(tmp_path / "trace.har")]) == 2
    assert "pinned-tui inspect FILE" in capsys.readouterr().err


def test_a_file_larger_than_any_report_is_said_to_be_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(FileProblem, match="over 64 MiB"):
        input_files.read_session_file(str(tmp_path / "huge"))


def with_data(data: dict[str, object]) -> Session:
    session = samples.failing()
    fields = {name: getattr(session.observations[0], name)
              for name in session.observations[0].__struct_fields__}  # fmt: skip
    seen = type(session.observations[0])(**{**fields, "data": data})
    return replace(session, observations=(seen, *session.observations[1:]))


def test_a_report_of_over_a_hundred_thousand_values_is_read_whole() -> None:
    session = with_data({"numbers": list(range(150_000))})
    assert read(encode(session)) == session


def test_a_report_of_more_values_than_any_is_refused_in_words(tmp_path: Path) -> None:
    document = encode(with_data({"numbers": [0]})).replace(b"0\n", b"0" + b",0" * 2_000_001 + b"\n")
    with pytest.raises(ValueError, match="more than 2,000,000 values"):
        read(document)


@pytest.mark.parametrize("length", [LONGEST_TEXT + 1, 20_000_000])
def test_a_text_longer_than_is_shown_is_cut_and_tells_its_length(length: int) -> None:
    whole = "x" * length
    (seen, *_) = read(encode(with_data({"text": whole, whole: [whole]}))).observations
    shown = f"{'x' * LONGEST_TEXT}… ({length:,} characters in all)"
    assert seen.data == {"text": shown, shown: [shown]}


def test_a_text_as_long_as_is_shown_stays_whole() -> None:
    session = with_data({"text": "x" * LONGEST_TEXT})
    assert read(encode(session)) == session


def test_lists_are_cut_to_what_can_be_drawn_and_each_run_keeps_its_observations() -> None:
    session = samples.failing()
    fields = {name: getattr(session.verdicts[0], name)
              for name in session.verdicts[0].__struct_fields__}  # fmt: skip
    verdict = type(session.verdicts[0])(**{**fields, "fix": ("step",) * 1500})
    seen = with_data({"list": [1] * 1500}).observations[0]
    shown = read(
        encode(
            replace(
                session, verdicts=(verdict, *session.verdicts * 1100), observations=(seen,) * 310
            )
        )
    )
    assert len(shown.verdicts) == len(shown.verdicts[0].fix) == MOST_LISTED
    assert len(shown.observations) == MOST_OBSERVATIONS
    assert len(shown.observations[0].data["list"]) == 1500
