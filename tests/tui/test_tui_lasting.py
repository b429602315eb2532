"""What the program writes to its terminal, whatever the terminal can take."""

import io

from pinned_tui.tui.terminal import LastingTerminalFile


def test_a_text_that_the_terminal_cannot_encode_does_not_stop_the_writing() -> None:
    bytes_ = io.BytesIO()
    gone: list[None] = []
    file = LastingTerminalFile(io.TextIOWrapper(bytes_, "utf-8"), lambda: gone.append(None))
    file.write("half a pair: \ud83d, ")
    file.write("and on")
    file.flush()
    assert bytes_.getvalue() == b"half a pair: ?, and on"
    assert not gone
