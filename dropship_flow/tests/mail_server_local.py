"""A small mail server on this machine that keeps what it gets and fails on demand. No Odoo."""

import base64
import contextlib
import socketserver
import threading
import time
from dataclasses import dataclass


@dataclass
class Received:
    sender: str
    recipients: list
    data: bytes


class _Session(socketserver.StreamRequestHandler):
    """One connection, step by step."""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def fault(self, step, good):
        """Do what the test wants at a step.

        :return: whether the session goes on
        """
        wish = self.server.faults.get(step)
        if wish == "hang":
            time.sleep(2)
            return False
        if wish == "drip":
            for _ in range(30):
                self.wfile.write(b"250-slow\r\n")
                time.sleep(0.2)
            return False
        if wish == "drop":
            return False
        self.say(wish or good)
        return not wish or wish[0] in "23"

    def handle(self):
        with contextlib.suppress(OSError):
            self.talk()

    def talk(self):
        if not self.fault("greeting", "220 local ready"):
            return
        sender, recipients = "", []
        while line := self.rfile.readline():
            verb, _space, rest = line.decode("latin-1").strip().partition(" ")
            verb = verb.upper()
            if verb in ("EHLO", "HELO"):
                self.say("250-local\r\n250-8BITMIME\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                base64.b64decode(rest.partition(" ")[2])
                self.fault("auth", "235 welcome")
            elif verb == "MAIL":
                sender = rest.partition("<")[2].partition(">")[0]
                if not self.fault("mail", "250 ok") and self.server.faults["mail"] == "drop":
                    return
            elif verb == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                if address in self.server.refused:
                    self.say("550 no such user")
                elif self.fault("rcpt", "250 ok"):
                    recipients.append(address)
                elif self.server.faults["rcpt"] == "drop":
                    return
            elif verb == "DATA":
                if not self.fault("data", "354 go on"):
                    return
                mail = Received(sender, recipients, self.read_data())
                wish = self.server.faults.get("data_end", "")
                if wish[:1] not in ("4", "5"):  # it has the mail, whatever it says
                    self.server.mails.append(mail)
                if not self.fault("data_end", "250 accepted"):
                    return
                sender, recipients = "", []
            elif verb == "QUIT":
                self.fault("quit", "221 bye")
                return
            else:
                self.say("250 ok")

    def read_data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class MailServer(socketserver.ThreadingTCPServer):
    """`with MailServer(data_end="drop") as server:` – `server.port`, `server.mails`.

    :param faults: by step (greeting, auth, mail, rcpt, data, data_end, quit): drop, hang, drip, or an answer
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, refused=(), **faults):
        super().__init__(("127.0.0.1", 0), _Session)
        self.refused, self.faults, self.mails = refused, faults, []
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()
