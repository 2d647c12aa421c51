"""A small load generator: keep-alive connections over raw sockets, because a heavier client would measure itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Reply:
    status: int
    headers: dict[bytes, bytes]
    body: bytes


class Connection:
    """One kept-alive HTTP/1.1 connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.buffer = b""

    def request(self, raw: bytes) -> Reply:
        for attempt in (1, 2):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.buffer = b""
                self.socket.sendall(raw)
                return self._read()
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _read(self) -> Reply:
        assert self.socket is not None
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(b":") for line in lines[1:])}
        length = int(headers.get(b"content-length", b"0"))
        self.buffer = rest
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        if headers.get(b"connection") == b"close":
            self.close()
        return Reply(int(lines[0].split()[1]), headers, body)

    def _more(self) -> None:
        assert self.socket is not None
        chunk = self.socket.recv(65536)
        if not chunk:
            raise EOFError
        self.buffer += chunk

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None


def raw(method: str, path: str, cookie: str = "", body: bytes = b"", headers: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if cookie:
        head += f"Cookie: {cookie}\r\n"
    if body:
        head += f"Content-Length: {len(body)}\r\n"
    return (head + headers + "\r\n").encode() + body


@dataclass
class Figures:
    """What a run took: seconds in all, and of every request."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, p: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))]


def run(port: int, clients: int, seconds: float, step: Callable[[Connection, int, Figures], None]) -> Figures:
    """Let `clients` threads call `step` again and again; it makes its requests and notes their latencies."""
    figures = [Figures() for _ in range(clients)]
    end = time.perf_counter() + seconds
    errors: list[BaseException] = []

    def work(n: int) -> None:
        connection = Connection(port)
        try:
            while time.perf_counter() < end and not errors:
                step(connection, n, figures[n])
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Figures(time.perf_counter() - started, [x for f in figures for x in f.latencies])


def timed(connection: Connection, request: bytes, figures: Figures) -> Reply:
    started = time.perf_counter()
    reply = connection.request(request)
    figures.latencies.append(time.perf_counter() - started)
    return reply
