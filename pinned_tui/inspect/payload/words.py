"""Values that are one of a set of words: classifications, the status, an offer's availability.

Documented are ``published`` (drafts are the other state) and, for offers, ``available``. The
slugs are public at ``GET /classifications``; without them only the form of a slug can be judged.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from pinned_tui.inspect.payload.event import (
    FoundField,
    PayloadEvent,
    joined,
    literal,
    quoted,
    replaced,
)
from pinned_tui.session import Certainty

STATUSES = ("published", "draft")
_STATUS_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("live", "active", "public", "publish", "online", "visible", "enabled", "confirmed",
         "publicado", "ver\u00f6ffentlicht", "publi\u00e9", "1", "scheduled"), "published"
    ),
    **dict.fromkeys(
        ("drafts", "private", "hidden", "unpublished", "inactive", "offline", "pending", "entwurf",
         "brouillon", "borrador", "0"), "draft"
    ),
}  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_COMMON = ("concert", "classical-music", "jazz", "theatre", "dance", "exhibition", "film",
           "reading", "talk", "workshop", "festival", "market", "family", "comedy", "opera",
           "party", "conference", "sports")  # fmt: skip
"""Words that slugs of event classifications often are: good for a hint, never for a verdict."""

_LONGEST = 80


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
        near = get_close_matches(text[:_LONGEST], _COMMON, n=1, cutoff=0.86)
        if near and near[0] != text:
            _note_slug(
                event, path, found, text, Certainty.POSSIBLE, near[0],
                f"{subject} is {quoted(text)}, which comes close to the common word {near[0]}.",
            )  # fmt: skip
        return
    _note_slug(
        event, path, found, text, Certainty.LIKELY, slug or None,
        f"{subject} is {quoted(text)}, which is not written as a slug: small letters, digits and"
        " hyphens.",
        mend=bool(slug) and len(text) < _LONGEST,
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
        f"{joined(event.subject, path)} is {quoted(text)}, which is not one of the API's"
        " classification slugs.",
        mend=plain in slugs,
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
    mend: bool = False,
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
        mend=replaced(found, literal(suggestion), subject) if mend else None,
    )


def as_slug(text: str) -> str:
    """Write a name as slugs are written: small letters without accents, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].replace("&", " and "))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("\u00df", "ss")))


def _check_status(event: PayloadEvent, found: FoundField, text: str) -> None:
    plain = text.strip().lower()
    near = get_close_matches(plain[:_LONGEST], STATUSES, n=1, cutoff=0.8)
    suggestion = plain if plain in STATUSES else _STATUS_WORDS.get(plain)
    if suggestion is None and near:
        suggestion = near[0]
    sure = plain in STATUSES
    mend = sure or bool(near and suggestion == near[0])
    subject = joined(event.subject, "status")
    event.settled.add("status")
    event.add(
        "status-unknown",
        "status",
        f"{subject} is {quoted(text)}; documented are published and drafts.",
        certainty=Certainty.CONFIRMED if sure else Certainty.LIKELY,
        at=found,
        found=text,
        suggestion=suggestion,
        mend=replaced(found, literal(suggestion), subject) if mend else None,
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
    mend = plain == "available" or bool(near)
    event.settled.add(path)
    event.add(
        "offer-availability-unknown",
        path,
        f"{subject} is {quoted(text)}; the documented word is available.",
        certainty=Certainty.LIKELY,
        at=found,
        found=text,
        suggestion=suggestion,
        mend=replaced(found, literal("available"), subject) if mend else None,
    )
