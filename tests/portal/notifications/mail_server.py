"""A mail server that behaves as badly as it is told to."""

from __future__ import annotations

import asyncio
import email
import socket
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Behaviour:
    """What the server does, by its mode; ``taken`` are the messages it took, answered or not.

    ok | sender_refused | unknown_receiver | later | refused | drop (closes before the text) | dies (closes after it took the
    text) | hangs (takes the text and never answers) | closing (421)
    """

    def __init__(self) -> None:
        self.mode = "ok"
        self.only_for = ""  # the mode holds for this receiver alone
        self.taken: list[Message] = []

    def choose(self, address: str) -> str:
        return self.mode if self.only_for in {"", address} else "ok"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.mode == "sender_refused":
            return "550 we do not know you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        mode = self.choose(address)
        if mode == "unknown_receiver":
            return "550 no such mailbox"
        if mode == "later":
            return "451 try later"
        if mode == "drop":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mode = self.choose(envelope.rcpt_tos[0])
        if mode in {"refused", "closing"}:
            return "554 looks like spam" if mode == "refused" else "421 going away"
        self.taken.append(email.message_from_bytes(envelope.content))
        if mode == "dies":
            server.transport.abort()
        if mode == "hangs":
            await asyncio.Event().wait()
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]

    @property
    def receivers(self) -> list[str]:
        return sorted(message["To"] for message in self.taken)


class MailServer(Behaviour):
    """The server as a thread of the test; ``stop`` takes it off the net, ``start`` puts it back on the same port."""

    def __init__(self) -> None:
        super().__init__()
        self.port = find_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
