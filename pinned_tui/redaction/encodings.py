"""The forms that a secret takes when programs write it down, reduced to what survives them.

Line breaks, quotes, indents, colons, case and padding change from one writer to the next; the
sequence of letters and digits does not. So each form is kept as that sequence only, in lower case:
a *needle*, to be looked for in a text that was reduced in the same way.
"""

import base64
import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

ALPHANUMERIC = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OTHERS = bytes(octet for octet in range(256) if octet not in ALPHANUMERIC)
_LOWER = bytes(range(256)).lower()

_LONGEST = 4096
"""Octets of a secret that are looked for; longer values than this are no keys."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One form of a secret.

    Attributes:
        form: What the form is, in words that fit after *found*.
        text: Its letters and digits, in lower case.
        first: For each of them the first octet of the secret that it tells of.
        last: The same for the last octet.
    """

    form: str
    text: bytes
    first: tuple[int, ...]
    last: tuple[int, ...]

    def tells_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last octet that the part from ``start`` up to ``end`` tells of."""
        one, other = start, end - 1
        return min(self.first[one], self.first[other]), max(self.last[one], self.last[other])


@dataclass(frozen=True, slots=True)
class _Coded:
    """Octets in some code, and for each the span of the secret that it tells of."""

    octets: bytes
    first: tuple[int, ...]
    last: tuple[int, ...]


def skeleton(octets: bytes) -> bytes:
    """Return the ASCII letters and digits among ``octets``, in lower case."""
    return octets.translate(_LOWER, _OTHERS)


def needles(value: str) -> Iterator[Needle]:
    """Return the forms of ``value`` to look for."""
    octets = value.encode("utf-8", "surrogatepass")[:_LONGEST]
    order = tuple(range(len(octets)))
    plain = _Coded(octets, order, order)
    yield _needle("in plain text", plain)
    yield _needle("backwards", _Coded(octets[::-1], order[::-1], order[::-1]))
    yield _needle("in ROT13", _each(plain, lambda octet: _rot13(octet).encode("latin-1")))
    yield _needle("in hexadecimal", _each(plain, lambda octet: b"%02x" % octet))
    yield _needle("as decimal numbers", _each(plain, lambda octet: b"%d" % octet))
    yield _needle("as octal numbers", _each(plain, lambda octet: b"%03o" % octet))
    for code in _base32(plain):
        yield _needle("in base32", code)
    for wide in (_each(plain, lambda o: bytes([o, 0])), _each(plain, lambda o: bytes([0, o]))):
        for code in _base64(wide):
            yield _needle("in base64 of UTF-16", code)
    for code in _base64(plain):
        yield _needle("in base64", code)
        for twice in _base64(code):
            yield _needle("in base64, twice", twice)


def _needle(form: str, code: _Coded) -> Needle:
    kept = [index for index, octet in enumerate(code.octets) if octet in ALPHANUMERIC]
    return Needle(
        form=form,
        text=skeleton(code.octets),
        first=tuple(code.first[index] for index in kept),
        last=tuple(code.last[index] for index in kept),
    )


def _each(code: _Coded, write: Callable[[int], bytes]) -> _Coded:
    """Write each octet by itself."""
    written = [write(octet) for octet in code.octets]
    repeat = [index for index, piece in enumerate(written) for _ in piece]
    return _Coded(
        b"".join(written),
        tuple(code.first[index] for index in repeat),
        tuple(code.last[index] for index in repeat),
    )


def _rot13(octet: int) -> str:
    return codecs.encode(chr(octet), "rot13")


def _base64(code: _Coded) -> Iterator[_Coded]:
    return _in_digits(code, bits=6, offsets=range(3), encode=base64.b64encode)


def _base32(code: _Coded) -> Iterator[_Coded]:
    return _in_digits(code, bits=5, offsets=range(5), encode=base64.b32encode)


def _in_digits(
    code: _Coded, *, bits: int, offsets: Iterable[int], encode: Callable[[bytes], bytes]
) -> Iterator[_Coded]:
    """Write ``code`` in digits of ``bits`` bits, for each place in a block where it can begin.

    Only the digits are kept that are the same whatever stands before and after.
    """
    for offset in offsets:
        digits = encode(bytes(offset) + code.octets)
        begin = -(-8 * offset // bits)
        end = 8 * (offset + len(code.octets)) // bits
        spans = [
            (bits * index // 8 - offset, (bits * index + bits - 1) // 8 - offset)
            for index in range(begin, end)
        ]
        yield _Coded(
            digits[begin:end],
            tuple(code.first[first] for first, _ in spans),
            tuple(code.last[last] for _, last in spans),
        )
