"""What a link for the public must look like: a whole web address (page *Create events*, offers)."""

from urllib.parse import urlsplit

_PLACEHOLDER_HOSTS = ("example.com", "example.org", "example.net", "localhost")


def link_fault(url: object) -> str | None:
    """Say what is wrong with ``url`` as the link of an offer, or return None."""
    if not isinstance(url, str) or not url.strip():
        return "There is no address."
    text = url.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return "It is no web address."
    if parts.scheme not in {"http", "https"}:
        return "It does not begin with https://."
    if not host or any(sign.isspace() for sign in text):
        return "It is no whole web address."
    if "@" in parts.netloc:
        return "It carries a user name or password."
    if host in _PLACEHOLDER_HOSTS or ("." not in host and ":" not in host):
        return "It leads to a host that the public can't reach."
    return None
