"""Certificates by which the parts of the S3 store know each other, and nobody else gets in.

They all live in one process, so the certificates are made anew at every start; the key that signed them is not kept.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.stack.ports import HOST

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "part.pem", "part.key"
PURPOSES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
LASTING = timedelta(days=3650)
EARLIER = timedelta(days=1)  # a clock that is set back a little does no harm


def make_certificates(folder: Path) -> None:
    """Write an authority, and one certificate of it for both ends of every connection, into the private *folder*."""
    signing, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _unsigned("counterfoil", signing.public_key())
    authority = authority.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    part = _unsigned("part", own.public_key()).add_extension(PURPOSES, critical=False)
    part = part.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
    key = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = serialization.Encoding.PEM
    _write(folder / AUTHORITY, authority.sign(signing, hashes.SHA256()).public_bytes(pem))
    _write(folder / CERTIFICATE, part.sign(signing, hashes.SHA256()).public_bytes(pem))
    _write(folder / KEY, key)


def _unsigned(name: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    begins = datetime.now(UTC) - EARLIER
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named("counterfoil"))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + LASTING)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _write(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(content)
