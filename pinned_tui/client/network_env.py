"""What stands between this machine and the API: the proxy and the trusted authorities.

Both come from the environment, both decide about every response, and both see the key if they are
wrong, so they are found out and shown before anything is sent.
"""

import os
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pinned_tui.api_spec.routes import BaseUrl
from pinned_tui.redaction.sanitize import clean_line

_LARGEST_CA_FILE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and where its setting comes from.

    Attributes:
        url: As configured; it may hold a password, so it is never shown.
        shown: Scheme, host and port alone.
        source: The variable or system setting that names it.
    """

    url: str
    shown: str
    host: str
    port: int
    source: str

    @property
    def scheme(self) -> str:
        """How it is spoken to: ``http``, ``https``, ``socks5`` or ``socks5h``."""
        return self.shown.partition("://")[0]

    def __repr__(self) -> str:
        return f"Proxy({self.shown!r}, from {self.source})"


@dataclass(frozen=True, slots=True)
class SettingFault:
    """A setting that can't work.

    Attributes:
        concerns: ``proxy`` or ``trust``.
        message: What is wrong and what to do, for the user.
    """

    concerns: Literal["proxy", "trust"]
    message: str


@dataclass(frozen=True, slots=True)
class NetworkEnv:
    """What applies to connections to one base URL.

    Attributes:
        trust: Whose certificates are trusted, in words.
        ca_file: The file with the authorities to trust instead of the system's.
        fault: What is wrong with these settings; None when all is well.
        note: A setting that can't work and that these connections can do without.
    """

    proxy: Proxy | None
    trust: str
    ca_file: str | None = None
    fault: "SettingFault | None" = None
    note: str | None = None

    def in_words(self) -> str:
        """Say whom the key passes and whose certificates are trusted, in a sentence or two."""
        if self.fault is not None:
            return self.fault.message
        way = "Requests go directly to the API."
        if self.proxy is not None:
            way = f"Requests go through the proxy {self.proxy.shown}, set by {self.proxy.source}."
        return " ".join(filter(None, (f"{way} Trusted are {self.trust}.", self.note)))


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return what verifies certificates: by ``ca_file``, or as this machine's system does.

    Raises:
        OSError: ``ca_file`` can't be read, or holds no certificates.
    """
    if ca_file:
        # Not ssl.create_default_context(): that one writes session keys to SSLKEYLOGFILE, and
        # fails where that names a place that can't be written to.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=ca_file)
        return context
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def survey(base: BaseUrl, environ: Mapping[str, str]) -> NetworkEnv:
    """Find the proxy and the authorities that apply to ``base``. Loopback bypasses proxies."""
    proxy, fault = (None, None) if base.is_loopback else _proxy_for(base, environ)
    trust, note = "the authorities that this system trusts", _useless_folder(environ)
    ca_file = environ.get("SSL_CERT_FILE") or None
    unusable = _unusable(ca_file) if ca_file else None
    if unusable and not base.secure:
        aside = f"{unusable} Nothing is encrypted on the way to {base.host}, so it is not needed."
        return NetworkEnv(proxy, trust, None, fault, " ".join(filter(None, (aside, note))))
    if ca_file:
        trust = f"the authorities in {_shown(ca_file)} (SSL_CERT_FILE)"
    if unusable:
        return NetworkEnv(proxy, trust, fault=SettingFault("trust", unusable), note=note)
    return NetworkEnv(proxy, trust, ca_file, fault, note)


def _unusable(ca_file: str) -> str | None:
    """Say why no one can be trusted by ``ca_file``; None where someone can."""
    try:
        if not Path(ca_file).is_file():  # a pipe or a device would never come to an end
            what = "which is not a file"
        elif Path(ca_file).stat().st_size > _LARGEST_CA_FILE:
            what = "which is too large to be a certificate file"
        else:
            tls_context(ca_file)
            return None
    except OSError:  # an SSLError too: no certificates in it, or not to be read
        what = "which contains no readable certificates"
    return f"SSL_CERT_FILE names {_shown(ca_file)}, {what}. Correct or unset it."


def _useless_folder(environ: Mapping[str, str]) -> str | None:
    """Say what is wrong with ``SSL_CERT_DIR``; no one is trusted less for it, nor more."""
    folders = [one for one in environ.get("SSL_CERT_DIR", "").split(os.pathsep) if one]
    wrong = next((one for one in folders if not _can_be_listed(one)), None)
    if wrong is None:
        return None
    return f"SSL_CERT_DIR names {_shown(wrong)}, which is not a readable folder."


def _can_be_listed(folder: str) -> bool:
    try:
        with os.scandir(folder):
            return True
    except OSError:
        return False


def _shown(path: str) -> str:
    return clean_line(path, limit=120)


def _proxy_for(
    base: BaseUrl, environ: Mapping[str, str]
) -> tuple[Proxy | None, SettingFault | None]:
    settings = {
        name.lower().removesuffix("_proxy"): (value, name)
        for name, value in sorted(environ.items())
        if name.lower().endswith("_proxy") and value
    }
    if environ is os.environ and not settings:
        settings = {s: (u, "the system's settings") for s, u in urllib.request.getproxies().items()}
    if _is_exempt(base, settings.get("no", ("", ""))[0]):
        return None, None
    url, source = settings.get("https" if base.secure else "http") or settings.get("all", ("", ""))
    return _read_proxy(url, source) if url else (None, None)


def _is_exempt(base: BaseUrl, no_proxy: str) -> bool:
    """Return whether ``no_proxy`` names the host: ``*``, or names of hosts and domains."""
    for entry in no_proxy.lower().split(","):
        name, _, port = entry.strip().lstrip("*").lstrip(".").partition(":")
        if entry.strip() == "*":
            return True
        fits = bool(name) and (base.host == name or base.host.endswith(f".{name}"))
        if fits and port in {"", str(base.port)}:
            return True
    return False


def _read_proxy(url: str, source: str) -> tuple[Proxy | None, SettingFault | None]:
    bad = SettingFault(
        "proxy",
        f"{source} isn't a proxy address such as http://proxy.example:3128. Correct or unset it.",
    )
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None, bad
    if not host or parts.scheme not in {"http", "https", "socks5", "socks5h"}:
        return None, bad
    port = port or {"http": 80, "https": 443}.get(parts.scheme, 1080)
    shown = clean_line(f"{parts.scheme}://{host}:{port}", limit=120)
    return Proxy(parts.geturl(), shown, host, port, source), None
