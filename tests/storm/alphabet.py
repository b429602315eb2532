"""What a storm is made of: keys, pastes and the mouse, as a terminal sends them."""

import random

PASTED_KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"

_PLAIN = "0123456789ihexwvfguacodkspjbmnty?:/ q"
_SPECIAL = {
    "enter": "\r",
    "escape": "\x1b[27u",
    "a lone escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "page up": "\x1b[5~",
    "page down": "\x1b[6~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "backspace": "\x7f",
    "ctrl+c": "\x03",
    "ctrl+o": "\x0f",
    "ctrl+p": "\x10",
    "ctrl+q": "\x11",
    "ctrl+t": "\x14",
    "ctrl+u": "\x15",
    "ctrl+v": "\x16",
}
_LIKELY = ("enter", "enter", "enter", "enter", "escape", "escape", "down", "up", "tab")

TYPED_AHEAD = (
    *("\x10\r\r", "\x10\x10", "\x10exp\r", "\x10his\r\x1b[27u", ":why\r"),
    *("\r\r", "\r\r\r\r", "1\r\r", "4\r\r\r", "0\r"),
    *("5\r\ry", "8\r1\rp", "h/quota\x1b[27u", "h\x1b[27u", "h\x1b[27uh\x1b[27u"),
    *("h\r\x1b[27u", "i\x1b[27u", "ia1\x1b[27u", "ik2", "io/tm\t\r"),
    *("iax", "?\x1b[27u", "?q", "e\r\x1b[27u", "w\r"),
    *("x\x1b[27u\x1b[27u", "vvv", "fv", "jfv", "jw\r\x1b[27u"),
    *("bbb", "nh", "n4\r", "\x03", "\x03\x03"),
    *("q\x1b[27u", "sj\r", "\x1b[27u\x1b[27u"),
)
"""What a user who knows the way types in one go."""

_TEXTS = (
    f"curl https://pinned.events/api/public/v1/events -H 'Authorization: Bearer {PASTED_KEY}'",
    f"{PASTED_KEY}\n",
    '{"channelId": "42", "title": "Open studio night", "startAt": "2027-07-01"}',
    'HTTP/1.1 401 Unauthorized\n\n{"error":{"code":"invalid_api_key","message":"No."}}',
    "2027-01-01T00:00:00Z POST /api/public/v1/events 429 retry-after=30\n" * 40,
    "q" * 50,
    "\x1b[31mred\x1b]52;c;aGk=\x07 \u202e [@click=app.quit]x[/]",
    "line\n" * 40_000,
    "",
)


def keys(chance: random.Random) -> str:
    """Return a burst of keys, as one write."""
    if chance.random() < 0.3:
        return chance.choice(TYPED_AHEAD)
    return "".join(_key(chance) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))))


def _key(chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.4:
        return _SPECIAL[chance.choice(_LIKELY)]
    if draw < 0.55:
        return _SPECIAL[chance.choice(tuple(_SPECIAL))]
    return chance.choice(_PLAIN)


def paste(chance: random.Random) -> str:
    """Return a bracketed paste."""
    text = chance.choice(_TEXTS).replace("\n", "\r")
    return f"\x1b[200~{text}\x1b[201~"


def mouse(chance: random.Random, size: tuple[int, int]) -> str:
    """Return a click, a drag, a move or a turn of the wheel somewhere on the screen."""
    x, y = chance.randint(1, size[0]), chance.randint(1, size[1])
    match chance.choice(("click", "click", "click", "double", "drag", "move", "wheel", "press")):
        case "click":
            return f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"
        case "double":
            return f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" * 2
        case "drag":
            to = chance.randint(1, size[0]), chance.randint(1, size[1])
            return f"\x1b[<0;{x};{y}M\x1b[<32;{to[0]};{to[1]}M\x1b[<0;{to[0]};{to[1]}m"
        case "move":
            return f"\x1b[<35;{x};{y}M"
        case "press":
            return f"\x1b[<0;{x};{y}M"
        case _:
            return f"\x1b[<{chance.choice((64, 65))};{x};{y}M" * chance.randint(1, 5)
