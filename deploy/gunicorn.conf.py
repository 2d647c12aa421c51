"""gunicorn's settings. The master also starts one clock process: boards and the sweep of expired attempts.

Several nodes may all run a clock; a lease in the database lets one of them work at a time.
"""

import gc
import os
import subprocess
import sys

bind = os.environ.get("QUIZ_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("QUIZ_WORKERS", "2"))
threads = int(os.environ.get("QUIZ_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 75  # phones save every few seconds: let them keep their connection
max_requests = 100_000
max_requests_jitter = 10_000
preload_app = False
control_socket_disable = True  # several installations may run on one machine
accesslog = None
errorlog = "-"
forwarded_allow_ips = os.environ.get("QUIZ_PROXY_IPS", "127.0.0.1")

_clock = None


def when_ready(server):
    global _clock
    if os.environ.get("QUIZ_CLOCK", "1") != "0":
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "ranking", "run-clock", "--with-parent"]
        _clock = subprocess.Popen(command, preexec_fn=lambda: os.nice(10))  # whoever saves goes first
        server.log.info("clock started, pid %s", _clock.pid)


def post_worker_init(worker):
    """What the application has loaded stays, so the collector need not look at it again; and it looks less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def on_exit(server):
    if _clock is not None and _clock.poll() is None:
        _clock.terminate()
        try:
            _clock.wait(10)
        except subprocess.TimeoutExpired:
            _clock.kill()
