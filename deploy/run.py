"""`make run`: from a fresh checkout to a served demo. Starting twice is harmless; an existing database is never wiped.

Settings come from QUIZ_* variables; what is missing is made up for this machine and kept in instance/settings.json
(a random secret key, an SQLite file beside it).
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
INSTANCE = TOP / "instance"


def main() -> None:
    os.chdir(TOP)
    sys.path.insert(0, str(TOP))
    port = free_port(int(os.environ.get("QUIZ_PORT", "8000")))
    address = f"http://127.0.0.1:{port}"
    demo = "QUIZ_DATABASE_URL" not in os.environ
    for name, value in kept_settings().items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("QUIZ_BASE_URL", address)
    os.environ.setdefault("QUIZ_SECURE_COOKIES", "0")
    os.environ.setdefault("QUIZ_BIND", f"127.0.0.1:{port}")
    os.environ.setdefault("QUIZ_DEMO", "1" if demo else "0")
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], check=True, stderr=subprocess.DEVNULL)
    if os.environ["QUIZ_DEMO"] == "1":
        from deploy import demo as demo_data

        demo_data.main(INSTANCE / "demo-accounts.json")
    print(f"\nHiểu Luật: {address}\n", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"])


def kept_settings() -> dict[str, str]:
    INSTANCE.mkdir(exist_ok=True)
    path = INSTANCE / "settings.json"
    if not path.exists():
        path.write_text(json.dumps({"QUIZ_SECRET_KEY": secrets.token_hex(32)}))
        path.chmod(0o600)
    return json.loads(path.read_text()) | {"QUIZ_DATABASE_URL": f"sqlite:///{INSTANCE / 'hieu-luat.sqlite3'}"}


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on, so that a second `make run` does not fail."""
    for port in range(first, first + 50):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {first} on; set QUIZ_PORT")


if __name__ == "__main__":
    main()
