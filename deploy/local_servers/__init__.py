"""PostgreSQL, RabbitMQ and Chromium on this machine: found, or installed from Debian, then run."""

from deploy.local_servers.chromium import find_chromium
from deploy.local_servers.debian import CannotInstall
from deploy.local_servers.postgres import Postgres, find_postgres
from deploy.local_servers.processes import free_port
from deploy.local_servers.rabbitmq import RabbitMQ, find_rabbitmq

__all__ = [
    "CannotInstall",
    "Postgres",
    "RabbitMQ",
    "find_chromium",
    "find_postgres",
    "find_rabbitmq",
    "free_port",
]
