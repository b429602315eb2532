"""The addresses of offers, and the identifier of the place."""

import re
from urllib.parse import urlsplit

from pinned_tui.inspect.payload.event import PayloadEvent, joined, literal, quoted, replaced
from pinned_tui.session import Certainty

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
            f"{subject} is {quoted(_without_login(value))}, {why}.",
            at=found,
            found=_without_login(value),
            suggestion=better,
            mend=replaced(found, literal(better), subject) if better else None,
        )


def _url_fault(value: str) -> tuple[str | None, str | None]:
    """Return what is wrong with an address, and its mended form where there is one."""
    text = value.strip()
    if not text:
        return "which is empty", None
    if len(text) > _LONGEST_URL:
        return None, None
    scheme = _TYPED_SCHEME.match(text)
    if not _SCHEME.match(text) and _HOST.fullmatch(text) and not re.search(r"\s", text):
        return "which lacks https:// in front", f"https://{text}"
    if text.startswith("//") and _HOST.fullmatch(text[2:]):
        return "which lacks https: in front", f"https:{text}"
    if scheme is not None and scheme[0].lower() not in {"https://", "http://"}:
        rest = text[scheme.end() :]
        better = f"https://{rest}" if _HOST.fullmatch(rest) and not re.search(r"\s", rest) else None
        return "whose beginning is not https://", better
    return _parts_fault(value, text)


def _parts_fault(value: str, text: str) -> tuple[str | None, str | None]:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "which can't be read as an address", None
    if parts.scheme not in {"http", "https"}:
        kind = "an e-mail address" if "@" in text else "no http or https address"
        return f"which is {kind}", None
    if not host or port == 0:
        return "which names no host", None
    if re.search(r"\s", parts.netloc) or "@" in parts.netloc:
        return "whose host can't be read", None
    if "." not in host and ":" not in host:
        return "whose host is no public name", None
    if re.search(r'[\s<>"{}|\\^`]', text):
        better = (
            re.sub(r"[ ]", "%20", text) if re.fullmatch(r'[^\t\r\n<>"{}|\\^`]+', text) else None
        )
        return "which holds signs that an address can't have", better
    if text != value:
        return "which has space around it", text
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
    looks_like = _other_place(text, event)
    if looks_like is None:
        return
    subject = joined(event.subject, path)
    event.add(
        "place-id-suspicious",
        path,
        f"{subject} is {quoted(text)}, which looks like {looks_like}.",
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
        return "a place ID of Google"
    if "://" in plain:
        return "an address of the web"
    if _COORDINATES.fullmatch(plain):
        return "coordinates"
    if _WIKIDATA.fullmatch(plain):
        return "an identifier of Wikidata"
    if name is not None and plain.lower() == name.strip().lower():
        return "the name of the city"
    if re.search(r"\s|,", plain) or _POSTCODE.fullmatch(plain):
        return "a name or an address"
    return None
