"""Hand a mail to a mail server, and know at every step whether the server can have taken it.

Up to the moment our text begins to flow nothing was sent. From then on until the server's last word nobody knows.
"""

import logging
import smtplib
import socket
import ssl
import threading
from contextlib import contextmanager

from .outcome import AGAIN, PARKED, REJECTED, SENT, UNKNOWN, Outcome

_logger = logging.getLogger(__name__)

STEP_SECONDS = 20.0
TOTAL_SECONDS = 60.0


def session(host, port, encryption="none", user="", password="", timeout=STEP_SECONDS):
    """An open, greeted session with a mail server.

    :param str encryption: as Odoo names it: none, ssl, ssl_strict, starttls, starttls_strict
    :raise OSError, smtplib.SMTPException: it cannot be opened
    """
    context = None
    if encryption not in ("", "none"):
        context = ssl.create_default_context()
        if not encryption.endswith("_strict"):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
    if encryption.startswith("ssl"):
        smtp = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if encryption.startswith("starttls"):
            smtp.starttls(context=context)
        if user:
            smtp.login(user, password)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def send(open_session, sender, recipients, data, total=TOTAL_SECONDS):
    """Send one mail, at most once.

    :param open_session: makes an open smtplib session
    :param bytes data: the whole mail
    :return: Outcome; what it says names no address of a customer and no password
    """
    try:
        smtp = open_session()
    except smtplib.SMTPAuthenticationError as error:
        return Outcome(PARKED, error=f"The mail server does not accept our login ({error.smtp_code}).", healthy=False)
    except ssl.SSLCertVerificationError as error:
        return Outcome(PARKED, error=f"The mail server's certificate is not valid: {error.reason}", healthy=False)
    except smtplib.SMTPNotSupportedError as error:
        return Outcome(PARKED, error=f"The mail server cannot do what is asked of it: {error}", healthy=False)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(AGAIN, error=f"The mail server cannot be reached: {_words(error)}", healthy=False)
    try:
        with _deadline(smtp, total):
            return _hand_over(smtp, sender, recipients, data)
    finally:
        smtp.close()


def _hand_over(smtp, sender, recipients, data):
    try:
        code, answer = smtp.mail(sender, ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [])
        if code != 250:
            return _refused(code, f"The mail server refuses our address {sender}", answer)
        refused = {}
        for recipient in recipients:
            code, answer = smtp.rcpt(recipient)
            if code not in (250, 251):
                refused[recipient] = (code, answer)
        if len(refused) == len(recipients):
            code, answer = min(refused.values())  # a "later" among them is worth another try
            return _refused(code, f"The mail server refuses {', '.join(refused)}", answer)
        smtp.putcmd("data")
        code, answer = smtp.getreply()
        if code != 354:
            return _refused(code, "The mail server does not take the mail", answer)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(
            AGAIN, error=f"The mail server went away before the mail was sent: {_words(error)}", healthy=False
        )
    try:
        smtp.send(_quoted(data))
        code, answer = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(
            UNKNOWN,
            error=f"The mail server went away before it said that it has the mail: {_words(error)}",
            healthy=False,
        )
    if code != 250:
        return _refused(code, "The mail server does not take the mail", answer)
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        _logger.debug("The mail server did not say goodbye")
    note = f"Not delivered to {', '.join(refused)}." if refused else ""
    return Outcome(SENT, error=note)


def _refused(code, text, answer):
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return Outcome(AGAIN if 400 <= code < 500 else REJECTED, error=f"{text}: {code} {' '.join(words.split())[:200]}")


def _words(error):
    return f"{type(error).__name__}: {error}"[:300]


def _quoted(data):
    """The mail as it goes over the wire: CRLF, dots doubled, the end marked.

    >>> _quoted(b"a\\n.b\\n")
    b'a\\r\\n..b\\r\\n.\\r\\n'
    """
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


@contextmanager
def _deadline(smtp, seconds):
    """A server that drips ends with the deadline, whatever it is doing."""

    def cut():
        sock = smtp.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                _logger.debug("The mail server was gone already")

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
