"""Secrets that have to be read again, such as a mailbox's password: sealed with the key file, never shown."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from guanxi.lib.errors import Unavailable


def seal(secret: str) -> str:
    """A secret as it may be stored."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret that was sealed; refused when the key it was sealed with is gone."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unavailable("secret.key_is_gone") from None


def _box() -> MultiFernet:
    """The newest key seals, all of them open."""
    return MultiFernet([_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(key: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"guanxi sealed secrets").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
