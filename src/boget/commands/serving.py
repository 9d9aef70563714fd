"""`boget demo` and `boget serve`."""

from __future__ import annotations

import argparse
import shutil
import signal
import socket
from contextlib import closing
from typing import Any

from boget.commands import CommandError, open_portal, require_database, working

WORKERS = 2
THREADS = 4


def run_demo(options: argparse.Namespace) -> int:
    """Prepare a demonstration and, unless told otherwise, serve it until stopped."""
    if not options.no_serve:
        require_free(options.host, options.port)
    with open_portal():
        accounts = prepare_demo(is_reset=options.reset)
    print_accounts(accounts)
    if not options.no_serve:
        serve(options.host, options.port)
    return 0


def prepare_demo(*, is_reset: bool) -> list[Any]:
    from django.conf import settings

    from boget.commands import migrating
    from boget.portal.reports.services import prepare_demo as prepare

    if is_reset:
        reset_demo()
    migrating.migrate()
    migrating.collect_static()
    return prepare(settings.VAR / "demo_password.txt")


def reset_demo() -> None:
    """Remove the demonstration's database. CommandError where the database is not a demonstration's."""
    from django.conf import settings
    from django.db import connection

    from boget.commands import migrating
    from boget.portal.core.services import describe_installation

    if connection.vendor != "sqlite":
        raise CommandError("--reset works on SQLite only. Drop the PostgreSQL database yourself.")
    if not (settings.VAR / "boget.sqlite3").exists():
        return
    if not migrating.list_pending() and not describe_installation().is_demo:
        raise CommandError(f"{settings.VAR} is not a demonstration. Nothing was removed; set BOGET_VAR to another folder.")
    connection.close()
    for name in ("boget.sqlite3", "boget.sqlite3-wal", "boget.sqlite3-shm", "demo_password.txt"):
        (settings.VAR / name).unlink(missing_ok=True)
    shutil.rmtree(settings.VAR / "cache", ignore_errors=True)


def print_accounts(accounts: list[Any]) -> None:
    print("Accounts of the demonstration (all with the same password):")
    for account in accounts:
        print(f"  {account.role:<10} {account.email}")
    print(f"  password   {accounts[0].password}", flush=True)


def run_serve(options: argparse.Namespace) -> int:
    require_free(options.host, options.port)
    with open_portal():
        from boget.commands import migrating

        require_database()
        migrating.collect_static()
    serve(options.host, options.port)
    return 0


def require_free(host: str, port: int) -> None:
    """CommandError where another program listens on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"cannot listen on {host}:{port} ({error.strerror}). Choose another with --port.") from error


def serve(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Returns only by SystemExit, after every worker is gone."""
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in describe_server(host, port).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from boget.portal.wsgi import application

            return application

    connections.close_all()  # a connection must not be shared with the workers that are forked now
    Server().run()


def describe_server(host: str, port: int) -> dict[str, Any]:
    """Settings of the server: two processes of four threads suit two cores and a database of one writer."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def announce(_arbiter: Any) -> None:
        print(f"Boget is at http://{address}/ (stop with Ctrl-C)", flush=True)

    def leave_interrupt(_worker: Any) -> None:
        # Ctrl-C reaches the whole group, and a worker that ends twice at once may hang: only the master ends it
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    return {
        "bind": address,
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "when_ready": announce,
        "post_worker_init": leave_interrupt,
        "control_socket_disable": True,
        **working.describe_hooks(),
    }
