"""A static host as sites are put on: compressed, with the headers that `_headers` asks for, and a 404 page."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

COMPRESSED = re.compile(r"text/|\b(json|xml|javascript|svg)\b")
"""What hosts compress."""

TYPES = {
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".ics": "text/calendar",
    ".js": "text/javascript",
}


@contextmanager
def hosted(folder: Path, sent: Counter[str] | None = None) -> Iterator[str]:
    """The address of a built site on this machine, without a slash at its end.

    `sent` is told how many bytes went out for each path, heads of answers included.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, folder.resolve(), sent))
    server.daemon_threads = True
    Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def asked(text: str) -> Callable[[str], dict[str, str]]:
    """What a `_headers` file asks for at a path: rules of a path that may end in `*`, the later ones winning."""
    rules: list[tuple[re.Pattern[str], dict[str, str]]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            name, _, value = line.strip().partition(":")
            rules[-1][1][name.strip()] = value.strip()
        else:
            rules.append((re.compile(re.escape(line.strip()).replace(r"\*", ".*")), {}))

    def at(path: str) -> dict[str, str]:
        return {name: value for pattern, named in rules if pattern.fullmatch(path) for name, value in named.items()}

    return at


@cache
def _headers(file: Path, changed: int) -> Callable[[str], dict[str, str]]:  # noqa: ARG001
    return asked(file.read_text("utf-8"))


@cache
def _packed(file: Path, changed: int) -> bytes:  # noqa: ARG001
    return gzip.compress(file.read_bytes(), 6)


class _Host(BaseHTTPRequestHandler):
    """Answers for one folder, and says nothing while it does."""

    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, sent: Counter[str] | None, *args: object) -> None:
        self.folder, self.sent = folder, sent
        super().__init__(*args)  # type: ignore[arg-type]

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = (self.folder / unquote(path).lstrip("/")).resolve()
        if file.is_dir() and not path.endswith("/"):
            return self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": f"{path}/"})
        if file.is_dir():
            file = file / "index.html"
        status = HTTPStatus.OK
        if not file.is_file() or not file.is_relative_to(self.folder):
            file, status = self.folder / "404.html", HTTPStatus.NOT_FOUND
            if not file.is_file():
                return self._answer(status, b"", {})
        changed = file.stat().st_mtime_ns
        kind = TYPES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
        more = {"Content-Type": f"{kind}; charset=utf-8" if COMPRESSED.search(kind) else kind, "ETag": f'"{changed:x}"'}
        rules = self.folder / "_headers"
        if rules.is_file():
            more |= _headers(rules, rules.stat().st_mtime_ns)(path)
        if self.headers.get("If-None-Match") == more["ETag"]:
            return self._answer(HTTPStatus.NOT_MODIFIED, b"", more)
        if COMPRESSED.search(kind) and "gzip" in self.headers.get("Accept-Encoding", ""):
            more |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return self._answer(status, _packed(file, changed), more)
        return self._answer(status, file.read_bytes(), more)

    def _answer(self, status: HTTPStatus, body: bytes, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.sent is not None:
            head = b"".join(self._headers_buffer)  # type: ignore[attr-defined]
            self.sent[self.path] += len(head) + len(b"\r\n") + len(body)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
