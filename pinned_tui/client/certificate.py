"""What a server's certificate says: who issued it, for which names, from when until when."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from pinned_tui.redaction.sanitize import clean_line

_MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """The parts of a certificate (RFC 5280) that explain why it is or is not trusted.

    Attributes:
        issuer: The issuer's organisation or common name; a company's own means that someone on
            the way opens encrypted connections.
        names: The host names and addresses that it holds for.
        begins: Not valid before; ``ends`` is not valid after. Aware, in UTC.
        self_signed: Whether it vouches for itself.
    """

    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime
    self_signed: bool

    def holds_for(self, host: str) -> bool:
        """Return whether ``host`` is among its names (RFC 9525, section 6.3)."""
        try:
            wanted = str(ipaddress.ip_address(host))
        except ValueError:
            return any(_fits(name.lower(), host.lower().rstrip(".")) for name in self.names)
        return wanted in self.names


def _fits(name: str, host: str) -> bool:
    """Return whether a name, whose first label may be ``*``, is the host's."""
    first, _, rest = name.partition(".")
    return name == host or (first == "*" and bool(rest) and host.partition(".")[2] == rest)


def read_certificate(der: bytes) -> Certificate | None:
    """Read a certificate in DER; None where it is none that can be read."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    def named(name: x509.Name) -> str:
        for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
            for attribute in name.get_attributes_for_oid(oid):
                return clean_line(str(attribute.value), limit=80)
        return "an issuer without a name"

    try:
        certificate = x509.load_der_x509_certificate(der)
        return Certificate(
            issuer=named(certificate.issuer),
            names=_names(certificate),
            begins=certificate.not_valid_before_utc,
            ends=certificate.not_valid_after_utc,
            self_signed=certificate.issuer == certificate.subject,
        )
    except ValueError:
        return None


def _names(certificate: object) -> tuple[str, ...]:
    from cryptography import x509

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type checker
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = [*extension.value.get_values_for_type(x509.DNSName)]
    names += [str(address) for address in extension.value.get_values_for_type(x509.IPAddress)]
    return tuple(clean_line(name, limit=120) for name in names[:_MOST_NAMES])
