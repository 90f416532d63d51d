"""Secrets that have to be read again: sealed with the key file. The one signer of the house, and its cipher."""

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from guanxi.lib.errors import Unavailable

KEY_ID = 8
_SEALED = re.compile(rf"(?:([0-9a-f]{{{KEY_ID}}})\.)?gAAAA[\w=-]+")


def seal(secret: str) -> str:
    """A secret as it may be stored: which key opens it, a dot, the ciphertext."""
    newest = keys()[0]
    return f"{key_id(newest)}.{_box(newest).encrypt(secret.encode()).decode()}"


def unseal(sealed: str) -> str:
    """The secret that was sealed; refused when the key it was sealed with is gone."""
    named, _, token = sealed.rpartition(".")  # what was sealed before keys had names is tried with all of them
    for key in keys():
        if not named or key_id(key) == named:
            try:
                return _box(key).decrypt(token.encode()).decode()
            except InvalidToken:
                continue
    raise Unavailable("secret.key_is_gone")


def sealed_by(text: str) -> str | None:
    """What the key is called that sealed a text; "" where that was not noted yet, None for what is not sealed."""
    found = _SEALED.fullmatch(text)
    return (found[1] or "") if found else None


def signed(purpose: str, text: str) -> list[str]:
    """What only a holder of the keys can work out of a text, for one purpose, by each key, the newest first."""
    return [hmac.new(_derived(key, purpose), text.encode(), hashlib.sha256).hexdigest() for key in keys()]


def keys() -> tuple[str, ...]:
    """The keys of the house: the newest seals, all of them open."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=64)
def key_id(key: str) -> str:
    """What a key is called beside what it sealed; it tells nothing of the key."""
    return _derived(key, "name of the key").hex()[:KEY_ID]


def key_for_file(key: str, salt: bytes) -> bytes:
    """The key of one sealed file alone, of 32 bytes: a salt of its own stands in each."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"guanxi sealed file").derive(key.encode())


@lru_cache(maxsize=64)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, "sealed secrets")))


@lru_cache(maxsize=256)
def _derived(key: str, purpose: str) -> bytes:
    info = f"guanxi {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key.encode())
