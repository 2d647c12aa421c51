"""gunicorn's settings. The master also starts a clock process (boards and the sweep of expired attempts) and one for long
work that pages ask for.

Several nodes may all run both; the database lets one of them do a thing at a time.
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

_helpers = []


def when_ready(server):
    for name, *command in (("CLOCK", "ranking", "run-clock"), ("JOBS", "run-jobs")):
        if os.environ.get(f"QUIZ_{name}", "1") != "0":
            command = [sys.executable, "-m", "flask", "--app", "wsgi", *command, "--with-parent"]
            _helpers.append(subprocess.Popen(command, preexec_fn=lambda: os.nice(10)))  # whoever saves goes first
            server.log.info("%s started, pid %s", name.lower(), _helpers[-1].pid)


def post_worker_init(worker):
    """What the application has loaded stays, so the collector need not look at it again; and it looks less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def on_exit(server):
    running = [process for process in _helpers if process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
