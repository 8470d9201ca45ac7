"""Gunicorn for every web process: threads, quick hand-over, nothing written beside the logs."""

import ctypes
import os
import signal
from pathlib import Path

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ['LISTEN']}"  # noqa: S104 - a container's inside
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("THREADS", "8"))
worker_connections = max(1000, 2 * threads)
timeout = 30
graceful_timeout = int(os.environ.get("GRACE", "20"))
keepalive = 5
max_requests = 0 if threads > 100 else 20000  # streams are long: a live process is not recycled
max_requests_jitter = 2000
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
if Path("/dev/shm").is_dir():  # noqa: S108 - memory, so that the heartbeat never waits for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def post_fork(server: object, worker: object) -> None:
    """End with the master: a killed one must not keep its port through its children."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
