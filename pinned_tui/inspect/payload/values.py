"""Values that are one of a set of words: classifications, the status, an offer's availability.

Documented are ``published`` (drafts are the other state) and, for offers, ``available``. The
slugs are public at ``GET /classifications``; without them only the form of a slug can be judged.
"""

import functools
import re
import unicodedata
from difflib import get_close_matches
from urllib.parse import urlsplit

import msgspec

from pinned_tui.inspect.json_source.nodes import Node, walk
from pinned_tui.inspect.payload.event import (
    FoundField,
    PayloadEvent,
    joined,
    literal,
    quoted,
    replaced,
)
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.redaction.credentials import is_secret_field
from pinned_tui.session import Certainty

_TEMPLATE = re.compile(
    r"\{{2,3}[^{}]{1,300}\}{2,3}|\{%[^%{}]{1,200}%\}|\{[!$][^{}]{1,200}\}"
    r"|[@$#]\{[A-Za-z_(][^{}]{0,300}\}|\$\([A-Za-z][^()]{0,200}\)"
    r"|<%[^%]{1,200}%>|<\?(?:php|=)[^?]{1,300}\?>|\[%[^%]{1,200}%\]"
    r"|%\([A-Za-z_]\w{0,80}\)[sdr]|\*\|[A-Z_:]{1,80}\|\*"
)
"""Delimiters of templates around what fills the value: a path, a call or a tag."""

_WHOLE = re.compile(
    r"\{[A-Za-z_][\w.]{0,80}\}|<[A-Za-z][\w .-]{0,60}>|\$[A-Za-z_][\w.>-]{0,80}"
    r"|%[A-Z][A-Z0-9_]{1,80}%"
    r"|\[\[[^\[\]]{1,80}\]\]|=?\{\{.{1,2000}\}\}|@\{.{1,2000}\}|\$\{.{1,2000}\}|@\([^()].{0,300}\)"
    r"|@[A-Za-z]\w{0,60}(?:\([^()]{0,80}\))?(?:\??[.\[][\w'\"\]()?.-]{1,120}){1,10}"
    r"|@[A-Za-z]\w{0,60}\(.{0,300}\)"
)
"""What is a placeholder only where the value holds nothing else."""

_TAG = re.compile(r"\{{2,3}[ \t]*(?:[#/!>^&]|else\b)|\{%|<\?php|\[%[ \t]*[A-Z]")
"""A tag that says what is to be done: within words it is spoken of as often as it is meant."""

_FILLS = re.compile(r"[.(|?\[]")
"""What a path, a call or a filter has that the name of a variable alone has not."""

_OF_TEMPLATES = re.compile(
    r"templat|syntax|handlebars|mustache|jinja|liquid|razor|angular|\bvue|react|regex|\bphp\b|bash"
    r"|javascript|\bcode|coding|cod(?:er|ing)s?\b|program|develop|shell|workshop|kurs|course|tutorial",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@(?!\w+\.[A-Z])[\w.-]+")
"""A name in a social network, unlike ``@Model.Title``."""

_WORDS = frozenset({"title", "name"})
"""Fields whose values are words, in which signs may be spoken of."""

_TOLD = re.compile(
    r"YOUR[_ -][A-Z0-9_ -]{2,60}|(?:REPLACE|CHANGE|INSERT|FILL)[_ -]?(?:ME|THIS|IN|WITH)\w*"
    r"|TODO\b.{0,60}|TBD|FIXME\b.{0,60}",
    re.DOTALL,
)
_EMPTY_WORDS = frozenset({"undefined", "null", "none", "nan", "[object object]", "nil", "#n/a",
                          "#ref!", "#value!"})  # fmt: skip
_EXAMPLE_WORDS = frozenset({"string", "<string>"})
"""What generators of examples write for any text."""

_PROSE = ("description", "text", "html", "body", "summary", "content", "notes")


def placeholders(event: PayloadEvent) -> None:
    """Note every value that is still a placeholder; nothing else is said of it."""
    right_paths = {id(found.node): right for right, found in event.fields.items()}
    for path, node in walk(event.node):
        told = _told(node, path, right_paths.get(id(node)))
        if told is None:
            continue
        right = right_paths.get(id(node), path)
        found, certainty = told
        event.settled.add(right)
        event.add(
            "body-template-unrendered",
            right,
            say(
                "payload.body-template-unrendered.seen",
                field=joined(event.subject, right),
                placeholder=quoted(found),
            ),
            certainty=certainty,
            at=FoundField(node, path),
            found=found,
        )


def _told(node: Node, path: str, right: str | None) -> tuple[str, Certainty] | None:
    """Return the placeholder in a value and how sure it is, or None."""
    value = node.value
    if not isinstance(value, str) or not value:
        return None
    if right is None and is_secret_field(path.rpartition(".")[2]):
        return None
    prose = right is None and any(word in path.lower() for word in _PROSE)
    sure = Certainty.LIKELY if prose else Certainty.CONFIRMED
    if node.bare:
        return value, Certainty.CONFIRMED
    stripped = value.strip()
    match = _TEMPLATE.search(value)
    if match is not None and match[0] != stripped and path.rpartition(".")[2] in _WORDS:
        return _among_words(value, match, sure)
    if match is not None:
        return match[0], sure
    if len(stripped) > 200 or prose:
        return None
    if path.rpartition(".")[2] in _WORDS and _HANDLE.fullmatch(stripped):
        return None
    if _WHOLE.fullmatch(stripped) or _TOLD.fullmatch(stripped):
        return stripped, sure if right is not None else Certainty.LIKELY
    if right is None:
        return None
    if stripped.lower() in _EXAMPLE_WORDS or stripped.lower() in _EMPTY_WORDS:
        return stripped, Certainty.LIKELY
    return None


def _among_words(value: str, match: re.Match[str], sure: Certainty) -> tuple[str, Certainty] | None:
    """Judge a placeholder with words around it: a title may be about templates."""
    tagged, spoken = _TAG.match(match[0]), _OF_TEMPLATES.search(value.replace(match[0], ""))
    if tagged is not None:
        return None
    if _FILLS.search(match[0][2:-2]):
        return match[0], Certainty.LIKELY if spoken else sure
    return match[0], Certainty.POSSIBLE if spoken else Certainty.LIKELY


_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}\.?(?::[0-9]{1,5})?(?:[/?#].*)?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TYPED_SCHEME = re.compile(r"(?:https?|htp|htps|hhtps?|ttps?)\s*(?::\s*/{1,3}\s*|//|:\\\\|/(?=\w))",
                           re.IGNORECASE)  # fmt: skip
_LONGEST_URL = 4000
_GOOGLE = re.compile(r"(?:ChIJ|GhIJ|Ei[A-Z])[\w-]{15,}")
_COORDINATES = re.compile(r"-?[0-9]{1,3}\.[0-9]+\s*[,;]\s*-?[0-9]{1,3}\.[0-9]+")
_WIKIDATA = re.compile(r"Q[0-9]{2,9}")
_POSTCODE = re.compile(r"[0-9]{4,5}\s+\w.*", re.DOTALL)


def offers(event: PayloadEvent) -> None:
    """Note addresses of offers that no browser can open."""
    for path, found in list(event.fields.items()):
        if not path.startswith("offers[") or not path.endswith(".url"):
            continue
        value = found.node.value
        if event.is_settled(path) or not isinstance(value, str):
            continue
        why, better = _url_fault(value)
        if why is None:
            continue
        subject = joined(event.subject, path)
        event.settled.add(path)
        event.add(
            "offer-url-invalid",
            path,
            say(
                f"payload.offer-url-invalid.{why}",
                field=subject,
                value=quoted(_without_login(value)),
            ),
            at=found,
            found=_without_login(value),
            suggestion=better,
            fix=replaced(found, literal(better), subject) if better else None,
        )


def _url_fault(value: str) -> tuple[str | None, str | None]:
    """Return what is wrong with an address, and its fixed form where there is one."""
    text = value.strip()
    if not text:
        return "empty", None
    if len(text) > _LONGEST_URL:
        return None, None
    scheme = _TYPED_SCHEME.match(text)
    if not _SCHEME.match(text) and _HOST.fullmatch(text) and not re.search(r"\s", text):
        return "no-scheme", f"https://{text}"
    if text.startswith("//") and _HOST.fullmatch(text[2:]):
        return "no-scheme-name", f"https:{text}"
    if scheme is not None and scheme[0].lower() not in {"https://", "http://"}:
        rest = text[scheme.end() :]
        better = f"https://{rest}" if _HOST.fullmatch(rest) and not re.search(r"\s", rest) else None
        return "mistyped-scheme", better
    return _parts_fault(value, text)


def _parts_fault(value: str, text: str) -> tuple[str | None, str | None]:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "unreadable", None
    if parts.scheme not in {"http", "https"}:
        return "e-mail" if "@" in text else "not-http", None
    if not host or port == 0:
        return "no-host", None
    if re.search(r"\s", parts.netloc) or "@" in parts.netloc:
        return "unreadable-host", None
    if "." not in host and ":" not in host:
        return "private-host", None
    if re.search(r'[\s<>"{}|\\^`]', text):
        better = (
            re.sub(r"[ ]", "%20", text) if re.fullmatch(r'[^\t\r\n<>"{}|\\^`]+', text) else None
        )
        return "characters", better
    if text != value:
        return "padded", text
    return None, None


def _without_login(value: str) -> str:
    """Hide what stands before ``@`` in an address: it may be a password."""
    return re.sub(r"(://)[^/@\s]{1,400}@", r"\1…@", value[:_LONGEST_URL])


def place(event: PayloadEvent) -> None:
    """Doubt a placeId that looks like another system's; its form is not documented."""
    path = "approxLocation.city.placeId"
    text, found = event.text_of(path), event.get(path)
    if text is None or found is None:
        return
    form = _other_place(text, event)
    if form is None:
        return
    looks_like = say(f"payload.place-form.{form}")
    subject = joined(event.subject, path)
    event.add(
        "place-id-suspicious",
        path,
        say(
            "payload.place-id-suspicious.seen",
            field=subject,
            value=quoted(text),
            actual=looks_like,
        ),
        certainty=Certainty.POSSIBLE,
        at=found,
        found=text,
        values={"actual": looks_like},
    )


def _other_place(text: str, event: PayloadEvent) -> str | None:
    """Return what a placeId looks like where that is not an identifier of Pinned Events."""
    plain = text.strip()[:400]
    name = event.text_of("approxLocation.city.name")
    if _GOOGLE.fullmatch(plain):
        return "google"
    if "://" in plain:
        return "address"
    if _COORDINATES.fullmatch(plain):
        return "coordinates"
    if _WIKIDATA.fullmatch(plain):
        return "wikidata"
    if name is not None and plain.lower() == name.strip().lower():
        return "city"
    if re.search(r"\s|,", plain) or _POSTCODE.fullmatch(plain):
        return "name"
    return None


STATUSES = ("published", "draft")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST = 80


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that people write for the API's, or that the API's often are.

    Attributes:
        status: For each status what people call it.
        slugs: Under ``common``, what slugs of classifications often are: good for a hint, never for
            a verdict.
    """

    status: dict[str, frozenset[str]]
    slugs: dict[str, tuple[str, ...]]


@functools.cache
def _words() -> _Words:
    return load_table("words", _Words)


def words(event: PayloadEvent, slugs: frozenset[str] | None) -> None:
    """Note words that the API does not know.

    Args:
        event: The event.
        slugs: The public classification slugs, or None while they are not known.
    """
    classes = event.get("classifications")
    for index in range(len(classes.node.items) if classes else 0):
        path = f"classifications[{index}]"
        text, found = event.text_of(path), event.get(path)
        if text is not None and found is not None:
            _check_slug(event, path, found, text, slugs)
    status, found = event.text_of("status"), event.get("status")
    if status is not None and found is not None and status not in STATUSES:
        _check_status(event, found, status)
    for path, offer in list(event.fields.items()):
        text = event.text_of(path) if path.endswith(".availability") else None
        if text is not None:
            _check_availability(event, path, offer, text)


def _check_slug(
    event: PayloadEvent, path: str, found: FoundField, text: str, slugs: frozenset[str] | None
) -> None:
    if slugs is not None:
        if text not in slugs:
            _unknown_slug(event, path, found, text, slugs)
        return
    subject = joined(event.subject, path)
    slug = as_slug(text)
    if _SLUG.fullmatch(text):
        near = get_close_matches(text[:_LONGEST], _words().slugs["common"], n=1, cutoff=0.86)
        if near and near[0] != text:
            _note_slug(
                event, path, found, text, Certainty.POSSIBLE, near[0],
                say(
                    "payload.classification-unknown.near",
                    field=subject,
                    value=quoted(text),
                    word=near[0],
                ),
            )  # fmt: skip
        return
    _note_slug(
        event, path, found, text, Certainty.LIKELY, slug or None,
        say("payload.classification-unknown.form", field=subject, value=quoted(text)),
        fix=bool(slug) and len(text) < _LONGEST,
    )  # fmt: skip


def _unknown_slug(
    event: PayloadEvent, path: str, found: FoundField, text: str, slugs: frozenset[str]
) -> None:
    plain = as_slug(text)
    near = [plain] if plain in slugs else get_close_matches(plain, sorted(slugs), n=1)
    if not near and len(plain) > 2:
        near = sorted(slug for slug in slugs if slug.startswith(plain) or plain.startswith(slug))
    _note_slug(
        event, path, found, text, Certainty.CONFIRMED, near[0] if near else None,
        say(
            "payload.classification-unknown.unknown",
            field=joined(event.subject, path),
            value=quoted(text),
        ),
        fix=plain in slugs,
    )  # fmt: skip


def _note_slug(
    event: PayloadEvent,
    path: str,
    found: FoundField,
    text: str,
    certainty: Certainty,
    suggestion: str | None,
    detail: str,
    *,
    fix: bool = False,
) -> None:
    subject = joined(event.subject, path)
    event.settled.add(path)
    event.add(
        "classification-unknown",
        path,
        detail,
        certainty=certainty,
        at=found,
        found=text,
        suggestion=suggestion,
        fix=replaced(found, literal(suggestion), subject) if fix else None,
    )


def as_slug(text: str) -> str:
    """Write a name as slugs are written: small letters without accents, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].replace("&", " and "))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("\u00df", "ss")))


def _check_status(event: PayloadEvent, found: FoundField, text: str) -> None:
    plain = text.strip().lower()
    near = get_close_matches(plain[:_LONGEST], STATUSES, n=1, cutoff=0.8)
    suggestion = plain if plain in STATUSES else None
    if suggestion is None:
        statuses = _words().status.items()
        suggestion = next((status for status, words in statuses if plain in words), None)
    if suggestion is None and near:
        suggestion = near[0]
    sure = plain in STATUSES
    fix = sure or bool(near and suggestion == near[0])
    subject = joined(event.subject, "status")
    event.settled.add("status")
    event.add(
        "status-unknown",
        "status",
        say("payload.status-unknown.seen", field=subject, value=quoted(text)),
        certainty=Certainty.CONFIRMED if sure else Certainty.LIKELY,
        at=found,
        found=text,
        suggestion=suggestion,
        fix=replaced(found, literal(suggestion), subject) if fix else None,
    )


def _check_availability(event: PayloadEvent, path: str, found: FoundField, text: str) -> None:
    """Note what can't be the documented word; other words the API may know."""
    plain = re.sub(r"[\W_]+", "", text.rsplit("/", 1)[-1]).lower()
    if re.fullmatch(r"[a-z]+(?:[_-][a-z]+)*", text) and plain not in {"instock", "yes", "true"}:
        near = get_close_matches(text, ("available",), n=1, cutoff=0.85)
        if not near or near[0] == text:
            return
    available = plain in {"available", "instock", "yes", "true", "1", "verf\u00fcgbar"}
    near = get_close_matches(plain[:_LONGEST], ("available",), n=1, cutoff=0.85)
    suggestion = "available" if available or near else None
    subject = joined(event.subject, path)
    fix = plain == "available" or bool(near)
    event.settled.add(path)
    event.add(
        "offer-availability-unknown",
        path,
        say("payload.offer-availability-unknown.seen", field=subject, value=quoted(text)),
        certainty=Certainty.LIKELY,
        at=found,
        found=text,
        suggestion=suggestion,
        fix=replaced(found, literal("available"), subject) if fix else None,
    )
