"""The ways in which programs have been seen to write a secret down; each must be recognised.

Each entry takes a key to a text that a person could get it back from.
"""

import base64
import codecs
import html
import json
import quopri
import textwrap
from collections.abc import Callable
from urllib.parse import quote

Write = Callable[[str], str]


def _each(pattern: str, joiner: str = "") -> Write:
    return lambda key: joiner.join(pattern.format(c=c, o=ord(c)) for c in key)


def _base64(before: str = "", after: str = "", *, url: bool = False, pad: bool = True) -> Write:
    encode = base64.urlsafe_b64encode if url else base64.b64encode

    def write(key: str) -> str:
        text = encode(f"{before}{key}{after}".encode()).decode()
        return text if pad else text.rstrip("=")

    return write


def _wrapped(write: Write, width: int, prefix: str = "", end: str = "\n") -> Write:
    def wrap(key: str) -> str:
        text = write(key)
        lines = [prefix + text[at : at + width] for at in range(0, len(text), width)]
        return end.join(lines)

    return wrap


def _nested(*writers: Write) -> Write:
    def write(key: str) -> str:
        for step in writers:
            key = step(key)
        return key

    return write


def _plain(key: str) -> str:
    return key


def _hex(key: str) -> str:
    return key.encode().hex()


def _json_signs(key: str) -> str:
    return "".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in key)


def _in_svg(key: str) -> str:
    places = (f'<text class="r{i}" x="{i * 12.2}" y="20">{c}</text>' for i, c in enumerate(key))
    return "".join(places)


def _xxd(key: str) -> str:
    raw = f"key={key}".encode()
    lines = []
    for at in range(0, len(raw), 16):
        part = raw[at : at + 16]
        pairs = " ".join(part[i : i + 2].hex() for i in range(0, len(part), 2))
        lines.append(f"{at:08x}: {pairs:<39}  {part.decode()}")
    return "\n".join(["", *lines, ""])


ENCODINGS: dict[str, Write] = {
    "as it is": _plain,
    "lower case": str.lower,
    "upper case": str.upper,
    "in a sentence": "the key is «{}», thanks".format,
    "URL, signs": lambda key: quote(key, safe="").replace("_", "%5F").replace("-", "%2D"),
    "URL, all": _each("%{o:02X}"),
    "URL, twice": _each("%25{o:02x}"),
    "URL, three times": _each("%2525{o:02X}"),
    "JSON, signs": _json_signs,
    "JSON, all": _each("\\u{o:04x}"),
    "JSON in JSON": _each("\\\\u{o:04X}"),
    "JSON, list of octets": lambda key: json.dumps(list(key.encode())),
    "JSON, list of characters": lambda key: json.dumps(list(key)),
    "JavaScript code points": _each("\\u{{{o:x}}}"),
    "Python, 32 bits": _each("\\U{o:08x}"),
    "octal": _each("\\{o:03o}"),
    "HTML, signs": lambda key: key.replace("_", "&lowbar;").replace("-", "&hyphen;"),
    "HTML, decimal": _each("&#{o};"),
    "HTML, decimal, padded": _each("&#{o:06d};"),
    "HTML, hex": _each("&#x{o:x};"),
    "HTML, hex, no semicolon": _each("&#X{o:04X} "),
    "HTML, twice": _each("&amp;#{o};"),
    "base64": _base64(),
    "base64, offset 1": _base64("k"),
    "base64, offset 2": _base64("k=", "!"),
    "base64, no padding": _base64("id", pad=False),
    "base64, URL-safe": _base64("~?", url=True),
    "base64 of the header": _base64("Bearer "),
    "base64 of a login": _base64("user:"),
    "base64 of a login with an empty user": _base64(":"),
    "base64 of JSON": _nested(lambda key: json.dumps({"apiKey": key}), _base64()),
    "base64, twice": _nested(_base64("x"), _base64("data:")),
    "base64 of UTF-16 LE": lambda key: base64.b64encode(f"k{key}".encode("utf-16-le")).decode(),
    "base64 of UTF-16 BE": lambda key: base64.b64encode(f"k{key}".encode("utf-16-be")).decode(),
    "base64, wrapped": _wrapped(_base64("Bearer "), 19, "    "),
    "base64, padding as URL": _nested(_base64("ab"), lambda text: text.replace("=", "%3D")),
    "base32": lambda key: base64.b32encode(f"abc{key}".encode()).decode(),
    "hex": _hex,
    "hex, upper case": lambda key: _hex(key).upper(),
    "hex, spaced": _each("{o:02x}", " "),
    "hex, colons": _each("{o:02X}", ":"),
    "hex, 0x before all": lambda key: f"0x{_hex(key)}",
    "hex, 0x each": _each("0x{o:02x}", ", "),
    "hex, \\x each": _each("\\x{o:02x}"),
    "hex, wrapped": _wrapped(_hex, 23, "> "),
    "hex dump": _xxd,
    "wrapped at 7": _wrapped(_plain, 7),
    "wrapped at 10 with CRLF": _wrapped(_plain, 10, end="\r\n"),
    "wrapped with an indent": _wrapped(_plain, 5, "        "),
    "wrapped in a quotation": _wrapped(_plain, 11, "> > "),
    "wrapped by escapes": _wrapped(_plain, 9, end="\\n"),
    "continued lines": _wrapped(_plain, 6, end="\\\n  "),
    "zero-width between": "\u200b".join,
    "soft hyphens between": "\u00ad".join,
    "word joiners and BOMs between": "\u2060\ufeff".join,
    "zero-width between, cleaned": "⟨U+200B⟩".join,
    "zero-width as entities": "&#8203;".join,
    "soft hyphens as entities": "&shy;".join,
    "spaced out": " ".join,
    "split by plus": lambda key: f'"{key[:9]}" + "{key[9:17]}" +\n    "{key[17:]}"',
    "split as neighbours": lambda key: f"'{key[:6]}' '{key[6:]}'",
    "markdown": lambda key: "".join(c if c.isalnum() else f"\\{c}" for c in key),
    "markdown emphasis": lambda key: f"**{key[:8]}**_{key[8:]}_",
    "between SVG tags": _in_svg,
    "between HTML tags": "<b></b>".join,
    "between line breaks": "<br/>".join,
    "between escaped tags": lambda key: html.escape("<wbr>".join(key)),
    "between tags in JSON": lambda key: json.dumps("<wbr>".join(key)).replace("<", "\\u003c"),
    "between colours": "\x1b[31m".join,
    "between colours, cleaned": "␛[1;31m".join,
    "quoted-printable": _each("={o:02X}"),
    "quoted-printable, wrapped": lambda key: quopri.encodestring(
        f"{'=' * 24}{key}".encode()
    ).decode(),
    "quoted-printable, soft breaks": _wrapped(_plain, 9, end="=\r\n"),
    "backwards": lambda key: key[::-1],
    "ROT13": lambda key: codecs.encode(key, "rot13"),
    "wide letters": lambda key: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in key
    ),
    "bold letters": lambda key: "".join(
        chr(0x1D400 + ord(c) - 65) if c.isupper() else c for c in key
    ),
    "NUL between": "\0".join,
    "a part, from the left": lambda key: f"{key[:-9]}…",
    "a part, from the right": lambda key: f"…{key[-12:]}",
    "a part, from the middle": lambda key: f"starts ok, {key[-22:-9]} and so on",
    "a part, as hex": lambda key: _hex(key[-21:-8]),
    "a part, as base64": lambda key: base64.b64encode(key[-23:-10].encode()).decode(),
    "a part, backwards": lambda key: key[-14:][::-1],
    "a part, wrapped": _wrapped(lambda key: key[-18:-4], 4, "  "),
    "a part, dedented": lambda key: textwrap.fill(key[-16:], 5),
}
"""Texts. Parts are taken from the end of the key, where it has no readable words."""

BYTES: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with BOM": lambda key: key.encode("utf-8-sig"),
    "UTF-16 with BOM": lambda key: key.encode("utf-16"),
    "UTF-16 LE": lambda key: key.encode("utf-16-le"),
    "UTF-16 BE": lambda key: key.encode("utf-16-be"),
    "UTF-32": lambda key: key.encode("utf-32"),
    "UTF-16 of HTML": lambda key: "".join(f"&#{ord(c)};" for c in key).encode("utf-16"),
    "amid binary": lambda key: b"\x89PNG\xff\xfe" + key.encode() + b"\x00\xc3\x28",
    "Latin-1": lambda key: f"clé={key}".encode("latin-1"),
}
"""Files that are no UTF-8 text."""
