"""``make run``: start the embedded suite on one port and say how to use it."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from deploy import demo
from deploy.embedded import Suite, environment, prepare
from shared import telemetry
from shared.settings import flag

GRACE_SECONDS = 10

HELLO = """
  修好 Xiuhao  {url}

  {people}
  数据 data: {data}    停止 stop: Ctrl-C
"""
DEMO_PEOPLE = """演示账号 demo people (密码 password: demo)
    student · student2 …        学生，预约维修和培训    books repairs and trainings
    volunteer · volunteer2 …    志愿者，接班次          accepts shifts
    coordinator                 协调员，排队台和管理    runs the desk: {url}/manage
  登录 sign in: {url}/sign-in
  发出的邮件 mail that was sent: {data}/mail
"""
NO_DEMO = """第一位管理员 first administrator: make admin LOGIN=<login>
"""


class Server(BaseApplication):
    """Gunicorn with one process that holds the whole suite."""

    def __init__(self, env: dict[str, str], port: int) -> None:
        self._env = env
        self._port = port
        self._suite: Suite | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set what DEPENDENCIES found to work for streams and requests in one process."""
        threads = int(self._env["THREADS"])
        options: dict[str, Any] = {
            "bind": f"{self._env.get('HOST', '127.0.0.1')}:{self._port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "worker_connections": threads * 8,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: self._ready(),
            "worker_exit": lambda _arbiter, _worker: self._leave(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the suite; called in the process that serves."""
        self._suite = Suite(self._env)
        self._suite.start()
        return self._suite.wsgi

    def _ready(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            self._end_streams_at(number)
        if flag(self._env, "DEMO") and self._suite is not None:
            if flag(self._env, "DEMO_TERM"):
                demo.keep_fresh(self._suite.wsgi)
            else:
                self._suite.people()
        url = self._env["PUBLIC_URL"]
        people = DEMO_PEOPLE if flag(self._env, "DEMO") else NO_DEMO
        data = self._env["DATA_DIR"]
        print(
            HELLO.format(url=url, data=data, people=people.format(url=url, data=data)), flush=True
        )

    def _end_streams_at(self, number: int) -> None:
        """End the live streams first when we are told to stop: the server waits for every request."""
        before = signal.getsignal(number)

        def end(given: int, frame: Any) -> None:
            if self._suite is not None:  # in a thread: a signal handler must not take locks
                threading.Thread(target=self._suite.end_streams, daemon=True).start()
            if callable(before):
                before(given, frame)

        signal.signal(number, end)

    def _leave(self) -> None:
        if self._suite is not None:
            self._suite.stop()


def main() -> int:
    """Start the suite; return the exit status."""
    telemetry.set_up_logging(os.environ.get("LOG_LEVEL", "WARNING"))
    port = int(os.environ.get("PORT") or 8000)
    given = {"DEMO": "1", "DEMO_TERM": "1", **os.environ}
    folder = "demo" if flag(given, "DEMO") else "data"
    data = Path(os.environ.get("DATA_DIR") or f"var/{folder}")
    env = environment(data, port, given)
    if not _free(port):
        print(
            f"Port {port} is taken. Choose another one: make run PORT={port + 1}", file=sys.stderr
        )
        return 1
    prepare(env)
    if flag(env, "DEMO") and flag(env, "DEMO_TERM"):
        demo.seed_once(env)
    Server(env, port).run()
    return 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
