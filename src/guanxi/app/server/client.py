"""The built client: files from memory, for ever where their name carries a hash; one page for every other address."""

import hashlib
import html
import mimetypes
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from guanxi.app.server.asgi import Headers, Scope, Send, answer, header

FOLDER = Path(__file__).resolve().parents[1] / "client"
NONCE = b"__CSP_NONCE__"
_COMPRESSED = {".br": b"br", ".gz": b"gzip"}
_HASHED = re.compile(r"^/assets/.*[-.][A-Za-z0-9_-]{8}\.\w+$")
_FILE = re.compile(r"^/[^/]*\.[^/]*$|\.(?:js|map|css|json|png|svg|ico|txt|xml|html?|php|py)$")  # no screen is called so
_HIDDEN = re.compile(r"/\.|^/manifest\.json$")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


def policy(nonce: str) -> bytes:
    """What the page may load: its own files and what carries the nonce, nothing from another host."""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
        "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ).encode()


@dataclass(frozen=True)
class File:
    """One file with its compressed forms."""

    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes
    plain: bytes
    compressed: dict[bytes, bytes]


def _load(path: Path, address: str) -> File:
    plain = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "image/svg+xml":
        kind += "; charset=utf-8"
    kept = b"public, max-age=31536000, immutable" if _HASHED.match(address) else b"no-cache"
    etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'.encode()
    others = {path.with_name(path.name + suffix): name for suffix, name in _COMPRESSED.items()}
    return File(
        headers=(
            (b"content-type", kind.encode()),
            (b"cache-control", kept),
            (b"etag", etag),
            (b"vary", b"accept-encoding"),
        ),
        etag=etag,
        plain=plain,
        compressed={name: other.read_bytes() for other, name in others.items() if other.exists()},
    )


class Client:
    """The files of the built client, read once before the processes are forked."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.page: bytes | None = None
        self.files: dict[str, File] = {}
        for path in sorted(folder.rglob("*")) if folder.exists() else ():
            address = "/" + path.relative_to(folder).as_posix()
            if path.is_dir() or path.suffix in _COMPRESSED or _HIDDEN.search(address):
                continue
            if address == "/index.html":
                self.page = path.read_bytes()
            else:
                self.files[address] = _load(path, address)

    async def respond(self, scope: Scope, send: Send) -> None:
        """Answer with the file of that name or, for the addresses of screens, with the page."""
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, b"", [(b"allow", b"GET, HEAD")])
        elif path in self.files:
            await _send_file(scope, send, self.files[path])
        elif path.startswith("/assets/") or path == "/index.html" or _FILE.search(path) or _HIDDEN.search(path):
            await answer(send, 404, b"", [(b"cache-control", b"no-store")])
        else:
            await self._send_page(scope, send)

    async def _send_page(self, scope: Scope, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        headers: Headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", policy(nonce)),
        ]
        if self.page is None:
            said = html.escape("The client is not built: run `make up`, which builds it.")
            await answer(send, 503, f"<!doctype html><title>Guanxi</title><p>{said}".encode(), headers)
            return
        await _send_whole(scope, send, 200, self.page.replace(NONCE, nonce.encode()), headers)


async def _send_file(scope: Scope, send: Send, file: File) -> None:
    if header(scope, b"if-none-match") == file.etag:
        await send({"type": "http.response.start", "status": 304, "headers": list(file.headers)})
        await send({"type": "http.response.body"})
        return
    accepted = {word.split(b";")[0].strip() for word in (header(scope, b"accept-encoding") or b"").split(b",")}
    encoding = next((each for each in (b"br", b"gzip") if each in accepted and each in file.compressed), None)
    body = file.compressed[encoding] if encoding else file.plain
    named = [(b"content-encoding", encoding)] if encoding else []
    await _send_whole(scope, send, 200, body, [*file.headers, *named])


async def _send_whole(scope: Scope, send: Send, status: int, body: bytes, headers: Headers) -> None:
    if scope["method"] == "HEAD":
        headers = [*headers, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})
    else:
        await answer(send, status, body, headers)
