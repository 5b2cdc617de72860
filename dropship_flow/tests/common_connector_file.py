"""Files for the contract suite: a place on this machine that takes them by PUT."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.exceptions import UserError

from ..connectors.outcome import PARKED, Outcome
from ..models.file_connection import TYPES

SECRET = "s3cret-canary-drop"
CARRIES = {"order", "cancel"}


class Drop(BaseHTTPRequestHandler):
    def do_PUT(self):
        self.server.files[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Silent: the files are the record."""


@contextmanager
def connector_fixtures_file(case):
    """(connection, {path: content})"""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drop)
    server.files = {}
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    connection = case.env["dropship.connection"].create(
        {
            "name": "Files",
            "kind": "file",
            "endpoint": f"http://127.0.0.1:{server.server_address[1]}/in",
            "secret": SECRET,
            "private_allowed": True,
            "file_way": "put",
            "file_every": 0,
            "file_out_layout_id": case.env.ref("dropship_flow.file_layout_orders").id,
            "rate": 1000,
            "company_id": case.env.company.id,
        }
    )
    try:
        yield connection, server.files
    finally:
        server.shutdown()
        server.server_close()


def connector_job_file(case, message):
    """The job of one message alone; the relay puts many into a file. What a file cannot say is parked at once.

    :return: (job, None) or (job, Outcome)
    """
    connection = message.connection_id
    try:
        job = case.connector._prepare(message)
    except UserError as error:
        return {"payload": {}}, Outcome(PARKED, error=str(error))
    layout = connection.file_out_layout_id
    client, headers = connection._client()
    return {
        **job,
        "client": client,
        "headers": headers,
        "address": connection.endpoint,
        "method": "PUT",
        "name": "PO-00001-1.csv",
        "content": layout._file_of(job["rows"]),
        "type": TYPES[layout.file_format],
    }, None
