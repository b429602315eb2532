"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

from pinned_tui.cli.parser import main

TEXT = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")


def test_it_is_short_enough_to_be_read() -> None:
    assert len(TEXT.splitlines()) <= 130


def test_the_first_minute_is_as_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = re.search(
        r"```console\n\$ cat (\S+)\n(.*?)\$ pinned-tui (.*?)\n(.*?)```", TEXT, re.DOTALL
    )
    assert session is not None
    name, request, command, shown = session.groups()
    (tmp_path / name).write_text(request, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    assert main(command.split()) == 1
    printed = capsys.readouterr().out
    at = 0
    for piece in shown.split("…\n"):
        assert piece in printed[at:], "in this order"
        at = printed.index(piece, at) + len(piece)


def test_every_command_is_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(
        r"^    (\w+)  ", capsys.readouterr().out.partition("commands:")[2], re.MULTILINE
    )
    assert listed
    missing = [one for one in listed if not re.search(rf"^\| `{one}\b", TEXT, re.MULTILINE)]
    assert not missing
