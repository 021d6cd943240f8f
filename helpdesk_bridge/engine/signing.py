"""Signing evidence: Ed25519, one private key in a PEM of the operator's, the public half for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from helpdesk_bridge.errors import ConfigurationError, Problem

LENGTH = 64
"""Bytes of a signature."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key."""

    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, pem: str) -> Signer:
        """Read a key from PEM. Raises: ConfigurationError, which never shows it."""
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError):  # no PEM; a key with a password
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ConfigurationError((Problem("environment", None, "evidence.signing_key", "is no Ed25519 private key in PEM"),))
        return cls(key)

    @classmethod
    def new(cls) -> Signer:
        """Make a key."""
        return cls(Ed25519PrivateKey.generate())

    @property
    def public(self) -> str:
        """The public key: 32 bytes in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    @property
    def pem(self) -> bytes:
        """The private key as PEM (PKCS #8)."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, content: bytes) -> bytes:
        """Return the signature of ``content``."""
        return self._key.sign(content)
