"""Causes on the way to the host: name, connection, proxy, certificate, a broken answer."""

from collections.abc import Iterator

from pinned_tui.diagnosis.facts import Facts, Finding, Rule, text
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
    "interrupted": "net-interrupted",
    "too-large": "response-too-large",
    "encoding": "response-malformed",
    "malformed": "response-malformed",
}
_UNSURE = {"proxy-blocked", "unreachable", "malformed", "encoding"}


def on_the_way(facts: Facts) -> Iterator[Finding]:
    """The name was not found, or no connection came about."""
    for seen in facts.all("network.name", "network.connect", "network.tls", "network.settings"):
        kind = seen.data.get("kind")
        if kind is None:
            continue
        if seen.data.get("proxy"):
            yield _finding(facts, seen, "net-proxy-unreachable", Certainty.LIKELY)
        else:
            certainty = Certainty.LIKELY if kind in _UNSURE else Certainty.CONFIRMED
            yield _finding(facts, seen, _BY_KIND[kind], certainty)


def broken_kind(facts: Facts) -> Iterator[Finding]:
    """IPv6 fails and IPv4 works: a program that tries IPv6 first may hang where others don't."""
    for seen in facts.all("network.ipv6"):
        yield _finding(facts, seen, "net-ipv6-broken", Certainty.POSSIBLE)


def without_answer(facts: Facts) -> Iterator[Finding]:
    """A request went out and brought no usable answer."""
    for seen in facts.asked("answer.none"):
        cause = _BY_KIND.get(seen.data["kind"])
        if cause is not None:
            certainty = Certainty.LIKELY if seen.data["kind"] in _UNSURE else Certainty.CONFIRMED
            yield _finding(facts, seen, cause, certainty)


def _finding(facts: Facts, seen: Observation, cause: str, certainty: Certainty) -> Finding:
    host = text(seen.data, "host") or _host(facts.session.target.base_url)
    values = {"host": host, "base_url": facts.session.target.base_url, "detail": seen.summary}
    return Finding(cause, certainty, (seen,), subject=host, values=values)


def _host(base_url: str) -> str:
    return base_url.partition("://")[2].partition("/")[0]


RULES: tuple[Rule, ...] = (on_the_way, broken_kind, without_answer)
