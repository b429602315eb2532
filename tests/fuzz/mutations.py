"""What happens to text on its way: it is cut, doubled, mixed with other text, or damaged."""

from collections.abc import Callable

Draw = Callable[[int], int]
"""Draws a number from 0 to the one that is given, which counts in."""

Mutation = Callable[[bytes, Draw, bytes], bytes]
"""Returns the first input with some harm done to it, perhaps by parts of the other one."""

_ODD = (
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b'"', b"'", b"\\", b"\r", b"\n", b"{"),
    *(b"}", b"[" * 300, b"9" * 5000, b"$(", b"`", b"\xef\xbb\xbf", b"\xe2\x80\x8b", b"%"),
    *(b"1e999", b"-0", b"\x1b]52;c;AA==\x07", b"^", b"@", b"= ", b": ", b"<<EOF\n", b"\t", b"> "),
    *(b"&amp;", b"=3D", b"=\r\n", b"<https://pinned.events|x>", b"```\n", b"%7B", b"\xc2\xa0"),
)


def cut(data: bytes, draw: Draw, _other: bytes) -> bytes:
    return data[: draw(len(data))]


def beheaded(data: bytes, draw: Draw, _other: bytes) -> bytes:
    return data[draw(len(data)) :]


def flipped(data: bytes, draw: Draw, _other: bytes) -> bytes:
    place = draw(max(len(data) - 1, 0))
    return data[:place] + bytes([draw(255)]) + data[place + 1 :]


def doubled(data: bytes, draw: Draw, _other: bytes) -> bytes:
    first = draw(len(data))
    last = first + draw(200)
    return data[:last] + data[first:last] * (1 + draw(20)) + data[last:]


def spliced(data: bytes, draw: Draw, other: bytes) -> bytes:
    return data[: draw(len(data))] + other[draw(len(other)) :]


def within(data: bytes, draw: Draw, other: bytes) -> bytes:
    place = draw(len(data))
    return data[:place] + other + data[place:]


def odd(data: bytes, draw: Draw, _other: bytes) -> bytes:
    place = draw(len(data))
    return data[:place] + _ODD[draw(len(_ODD) - 1)] + data[place:]


def shuffled(data: bytes, draw: Draw, _other: bytes) -> bytes:
    """Move a run of lines to another place."""
    lines = data.splitlines(keepends=True)
    first = draw(len(lines))
    last = first + draw(5)
    rest = lines[:first] + lines[last:]
    place = draw(len(rest))
    return b"".join(rest[:place] + lines[first:last] + rest[place:])


def quoted(data: bytes, draw: Draw, _other: bytes) -> bytes:
    """Set a sign before each line, as mails and prompts do."""
    marks = (b"> ", b"| ", b"$ ", b"    ", b"web-1  | ", b"2026-11-28T09:00:00Z ", b"+ ")
    mark = marks[draw(len(marks) - 1)]
    return b"".join(mark + line for line in data.splitlines(keepends=True))


def repeated(data: bytes, draw: Draw, _other: bytes) -> bytes:
    """Say all of it many times over, up to what a large paste has."""
    return data * min(1 + draw(300), max(1, 300_000 // max(len(data), 1)))


MUTATIONS: tuple[Mutation, ...] = (
    *(cut, beheaded, flipped, doubled, spliced, within, odd, shuffled, quoted),
    repeated,
)
