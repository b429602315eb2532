"""Causes on the way to the host: name, connection, proxy, certificate, a broken response."""

from collections.abc import Iterator
from dataclasses import replace

from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, text
from pinned_tui.session import Certainty, Observation

_BY_KIND = {
    "dns": "net-dns",
    "dns-timeout": "net-dns",
    "refused": "net-refused",
    "timeout": "net-timeout",
    "unreachable": "net-timeout",
    "tls-untrusted": "net-tls-untrusted",
    "tls-invalid": "net-tls-invalid",
    "tls": "net-tls-failed",
    "proxy-unreachable": "net-proxy-unreachable",
    "proxy-settings": "net-proxy-unreachable",
    "trust-settings": "net-tls-untrusted",
    "proxy-auth": "net-proxy-auth",
    "proxy-blocked": "net-proxy-blocked",
    "slow": "response-too-slow",
    "proxy-silent": "net-proxy-unreachable",
    "proxy-broken": "net-proxy-unreachable",
    "proxy-tls": "net-proxy-unreachable",
    "interrupted": "net-interrupted",
    "closed": "net-closed",
    "not-http": "net-not-http",
    "tls-port": "url-http-to-tls",
    "too-large": "response-too-large",
    "encoding": "response-malformed",
    "malformed": "response-malformed",
}
_UNSURE = {
    "proxy-blocked", "proxy-silent", "proxy-broken",
    "unreachable", "malformed", "encoding", "closed",
}  # fmt: skip

_ON_THE_WAY = (
    "network.settings",
    "network.name",
    "network.connect",
    "network.proxy-name",
    "network.proxy-connect",
    "network.proxy",
)
_PROXY_IS = {
    "proxy-silent": "does not answer",
    "proxy-broken": "does not answer as a proxy does",
    "proxy-tls": "is not trusted",
}
"""How the title goes on where the proxy was reached, and is no way to the API all the same."""

_OF_THE_PROXY = {"net-proxy-auth", "net-proxy-unreachable"}
"""The causes that are about the proxy; the others are about the API's host."""

_OR_BLOCKED = (
    "The proxy can't reach the API or must not, and says nothing about it (net-proxy-blocked)."
)


def connection_failed(facts: Facts) -> Iterator[Finding]:
    """Yield the causes of a name not found, a failed connection, or a proxy in the way."""
    for seen in facts.all(*_ON_THE_WAY):
        kind = seen.data.get("kind")
        if kind is None:
            continue
        if seen.code in {"network.proxy-name", "network.proxy-connect"}:
            yield _finding(facts, seen, "net-proxy-unreachable", Certainty.LIKELY)
        else:
            yield _by_kind(facts, seen, _BY_KIND[kind])


def certificate(facts: Facts) -> Iterator[Finding]:
    """Yield the causes of a failed TLS handshake: a certificate can be wrong in several ways."""
    for seen in facts.all("network.tls"):
        kind = seen.data.get("kind")
        if kind is None:
            continue
        faults = set(seen.data.get("faults", ()))
        causes = []
        if faults & {"early", "expired", "other-name"}:
            causes.append("net-tls-invalid")
        if "untrusted" in faults:
            causes.append("net-tls-untrusted")
        for cause in causes:
            yield _finding(facts, seen, cause, Certainty.CONFIRMED)
        if not causes:
            yield _unencrypted(facts, seen, _BY_KIND[kind])


def _unencrypted(facts: Facts, seen: Observation, cause: str) -> Finding:
    """Behind a proxy that took the request, it may be the proxy that lets nothing through."""
    if cause != "net-tls-failed" or not seen.data.get("proxy"):
        return _finding(facts, seen, cause, Certainty.CONFIRMED)
    return replace(_finding(facts, seen, cause, Certainty.LIKELY), alternatives=(_OR_BLOCKED,))


def ipv6_broken(facts: Facts) -> Iterator[Finding]:
    """Yield IPv6 that fails while IPv4 works: a program that tries IPv6 first may hang."""
    for seen in facts.all("network.ipv6"):
        yield _finding(facts, seen, "net-ipv6-broken", Certainty.POSSIBLE)


def partial_dns(facts: Facts) -> Iterator[Finding]:
    """Yield a DNS lookup that got no reply for one kind of address: asking for both may hang.

    Where no connection came about to the request then, that is the best explanation. Where it did,
    only IPv6 is worth a hint: it is what programs ask for and can do without.
    """
    for seen in facts.all("network.name-unanswered"):
        hung = [one for one in facts.asked("answer.none") if _hung(one)]
        broken = seen.data["unanswered"] == "IPv6"
        if not hung and not broken:
            continue
        yield Finding(
            "net-ipv6-broken" if broken else "net-dns",
            Certainty.LIKELY if hung else Certainty.POSSIBLE,
            (seen, *hung),
            subject=text(seen.data, "host"),
            values={
                "detail": seen.summary,
                "host": text(seen.data, "host"),
                "actual": "The request waited for it in vain." if hung else None,
            },
            guess=not hung,
        )


def _hung(seen: Observation) -> bool:
    return seen.data["kind"] == "timeout" and seen.data.get("phase") == "connect"


def no_response(facts: Facts) -> Iterator[Finding]:
    """Yield the causes where a request was sent and got no usable response."""
    for seen in facts.asked("answer.none"):
        cause = _BY_KIND.get(seen.data["kind"])
        explained = _hung(seen) and facts.has("network.name-unanswered")
        if cause is not None and not explained:
            found = _by_kind(facts, seen, cause)
            yield _encrypted(facts, found) if cause == "url-http-to-tls" else found


def _encrypted(facts: Facts, found: Finding) -> Finding:
    """Add the address as it should be."""
    wanted = facts.session.target.base_url.replace("http://", "https://", 1)
    return replace(found, suggestion=wanted)


def _by_kind(facts: Facts, seen: Observation, cause: str) -> Finding:
    kind = seen.data["kind"]
    certainty = Certainty.LIKELY if kind in _UNSURE else Certainty.CONFIRMED
    found = _finding(facts, seen, cause, certainty)
    values = {**found.values, "actual": _PROXY_IS.get(kind)}
    alternatives = (_OR_BLOCKED,) if kind == "proxy-silent" else ()
    proxy = text(seen.data, "proxy") if cause in _OF_THE_PROXY else None
    return replace(found, subject=proxy or found.subject, values=values, alternatives=alternatives)


def _finding(facts: Facts, seen: Observation, cause: str, certainty: Certainty) -> Finding:
    host = text(seen.data, "host") or _host(facts.session.target.base_url)
    values = {
        "host": host,
        "base_url": facts.session.target.base_url,
        "route": text(seen.data, "route"),
        "detail": seen.summary,
    }
    return Finding(cause, certainty, (seen,), subject=host, values=values)


def _host(base_url: str) -> str:
    return base_url.partition("://")[2].partition("/")[0]


RULES: tuple[CauseRule, ...] = (
    connection_failed,
    certificate,
    ipv6_broken,
    partial_dns,
    no_response,
)
