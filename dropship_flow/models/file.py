"""Files to and from suppliers: kept whole, with what they held and what became of each row."""

import base64
import hashlib

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from ..connectors.answer import clean
from ..feeds.errors import FeedError
from ..sheets import layout as flat
from ..sheets import order_sheet
from .file_text import file_reason, file_refusal

# So many answers are acted on while the person waits; the relay does the rest within a minute.
AT_ONCE = 50


class DropshipFile(models.Model):
    """A file of orders or of answers. What came in is never changed; what could not be read stays beside it."""

    _name = "dropship.file"
    _description = "File to or from a Supplier"
    _inherit = ["mail.thread", "mail.activity.mixin", "dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("open", "sending"),
            ("open", "handed"),
            ("open", "dropped"),
            ("sending", "open"),
            ("sending", "handed"),
            ("sending", "failed"),
            ("failed", "sending"),
            ("failed", "handed"),
            ("failed", "open"),
            ("refused", "read"),
        }
    )

    name = fields.Char(required=True, readonly=True)
    direction = fields.Selection([("out", "To Supplier"), ("in", "From Supplier")], required=True, index=True)
    kind = fields.Selection([("flat", "Flat File"), ("sheet", "Order Sheet")], required=True, default="flat")
    state = fields.Selection(
        [
            ("open", "To Hand Over"),
            ("sending", "Being Sent"),
            ("handed", "Handed Over"),
            ("failed", "Needs a Person"),
            ("dropped", "Not Needed"),
            ("read", "Read"),
            ("refused", "Not Readable"),
        ],
        required=True,
        index=True,
    )
    connection_id = fields.Many2one("dropship.connection", ondelete="restrict", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="restrict", index="btree_not_null")
    layout_id = fields.Many2one("dropship.file.layout", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    number = fields.Integer(readonly=True, help="Counts the files of a connection.")
    revision = fields.Integer(default=1, readonly=True)
    content = fields.Binary(attachment=True, readonly=True)
    checksum = fields.Char(readonly=True, index="btree_not_null")
    orders = fields.Integer(readonly=True)
    lines = fields.Integer(string="Rows", readonly=True)
    units = fields.Float(readonly=True)
    amount = fields.Float(readonly=True, help="Sum of the rows, in the currencies of the orders.")
    waiting = fields.Integer(string="Rows without an Answer", readonly=True)
    error = fields.Text(readonly=True)
    handed_at = fields.Datetime(readonly=True)
    handed_by_id = fields.Many2one("res.users", string="Taken By", readonly=True)
    header = fields.Json(readonly=True)
    columns = fields.Json(readonly=True)
    exchange_ids = fields.One2many("dropship.exchange", "file_id", string="Orders and Answers")
    reject_ids = fields.One2many("dropship.file.reject", "file_id", string="Rows Not Taken")
    reject_count = fields.Integer(compute="_compute_counts")
    parked_count = fields.Integer(string="Answers That Need a Person", compute="_compute_counts")

    # One file at a time is collected for a person to take.
    _one_open = models.UniqueIndex(
        "(connection_id, company_id) WHERE state = 'open' AND connection_id IS NOT NULL", "A file is open already."
    )
    _once = models.UniqueIndex(
        "(connection_id, supplier_id, company_id, checksum) NULLS NOT DISTINCT "
        "WHERE direction = 'in' AND checksum IS NOT NULL",
        "This file was brought in already.",
    )

    @api.depends("reject_ids.state", "exchange_ids.state")
    def _compute_counts(self):
        rejects = self.env["dropship.file.reject"]._read_group(
            [("file_id", "in", self.ids), ("state", "=", "open")], ["file_id"], ["__count"]
        )
        parked = self.env["dropship.exchange"]._read_group(
            [("file_id", "in", self.ids), ("state", "=", "parked")], ["file_id"], ["__count"]
        )
        rejects = {record.id: count for record, count in rejects}
        parked = {record.id: count for record, count in parked}
        for record in self:
            record.reject_count = rejects.get(record.id, 0)
            record.parked_count = parked.get(record.id, 0)

    def _check_desk(self):
        """Files are written by what people do with them; that is the order desk's."""
        if not self.env.su and not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Only the order desk works with files of suppliers."))
        self.check_access("read")

    def _download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.file/{self.id}/content/{self.name}?download=true",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _bring_in(self, name, content, supplier=None, connection=None, company=None):
        """Keep a file that came and do what it says. The same file again changes nothing.

        :param bytes content: as received
        :return: the file; the one that is known already when it came before
        """
        if not connection and supplier and supplier.connection_id.kind == "file":
            connection = supplier.connection_id
        company = company or (connection and connection.company_id) or self.env.company
        checksum = hashlib.sha256(content).hexdigest()
        values = {
            "connection_id": connection.id if connection else False,
            "supplier_id": supplier.id if supplier else False,
            "company_id": company.id,
            "checksum": checksum,
            "direction": "in",
        }
        file_sudo = self.sudo()  # a file is kept whoever brought it; what it may touch is decided by its supplier
        known = file_sudo.search([(field, "=", value) for field, value in values.items()], limit=1)
        if known:
            if known.state == "refused":
                known._read_in()
            return known
        layout = connection.file_in_layout_id if connection else None
        with self._first_come():
            record = file_sudo.create(
                {
                    **values,
                    "name": (name or "").strip()[-120:] or self.env._("File"),
                    "state": "refused",
                    "kind": "flat" if layout else "sheet",
                    "layout_id": layout.id if layout else False,
                    "content": base64.b64encode(content),
                }
            )
        record._read_in()
        return record

    def _read_in(self):
        """Read a file that was kept: answers go on, rows that cannot be taken stay with their reason."""
        self.ensure_one()
        try:
            reading = self._reading(base64.b64decode(self.content))
        except FeedError as error:
            self.write({"error": file_refusal(self.env, error)})
            return
        rejected = [(row.row, row.cells, file_reason(self.env, row.code, row.params)) for row in reading.rejected]
        self._set_state(
            "read",
            error=False,
            header=list(reading.header),
            columns=reading.columns,
            orders=len({answer["ref"] for answer in reading}),
            lines=len(reading.cells),
            units=reading.units(),
            waiting=reading.waiting,
        )
        rejected += self._take(reading)
        self._reject(rejected)

    def _reading(self, content):
        """By the layout of the connection; our own sheet is known by its headings wherever it comes."""
        if not self.layout_id:
            return order_sheet.read(content, self.name)
        try:
            return flat.read(self.layout_id._plain(), content, self.name)
        except FeedError as error:
            if error.code != "column_missing":
                raise
            try:
                return order_sheet.read(content, self.name)
            except FeedError:
                raise error from None

    def _take(self, reading):
        """Store the answers and act on the first of them.

        :return: [(row, cells, reason)] of rows whose order nobody knows
        """
        exchange, rejected, found = self.env["dropship.exchange"], [], self.env["dropship.exchange"]
        purchases = self._purchases_of({answer["ref"] for answer in reading})
        way = f"in {self.connection_id.id}" if self.connection_id else f"file {self.supplier_id.id}"
        for answer in reading:
            rows = [(row, reading.cells[row]) for row in answer["rows"]]
            purchase = purchases.get(answer["ref"].casefold())
            try:
                said = clean({**answer, "ref": purchase.name if purchase else answer["ref"]})
            except ValueError as error:
                rejected += [(row, cells, str(error)) for row, cells in rows]
                continue
            if not purchase:
                reason = file_reason(self.env, "ref_unknown", {"text": answer["ref"][:40]})
                rejected += [(row, cells, reason) for row, cells in rows]
                continue
            found |= exchange._put_in(
                said,
                way,
                purchase,
                purchase.dropship_warehouse_id.supplier_id,
                purchase.company_id,
                self.connection_id,
                file_id=self.id,
            )
        found[:AT_ONCE]._act_now()
        if found[AT_ONCE:]:
            self.env.ref("dropship_flow.cron_relay")._trigger()
        return rejected

    def _purchases_of(self, refs):
        """{number in small letters: purchase} of this file's supplier."""
        domain = [("name", "in", sorted(refs | {ref.upper() for ref in refs})), ("state", "!=", "draft")]
        if self.supplier_id:
            domain.append(("dropship_warehouse_id.supplier_id", "=", self.supplier_id.id))
        if self.connection_id:
            domain.append(("dropship_warehouse_id.supplier_id.connection_id", "=", self.connection_id.id))
        if not self.connection_id or self.connection_id.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        elif self.env.uid != SUPERUSER_ID:  # who brings a file in speaks for his companies; a fetched one for all
            domain.append(("company_id", "in", self.env.companies.ids))
        return {purchase.name.casefold(): purchase for purchase in self.env["purchase.order"].sudo().search(domain)}

    def _reject(self, rejected):
        header = self.header or []
        self.env["dropship.file.reject"].sudo().create(
            [
                {"file_id": self.id, "row": row, "reason": reason, "text": _as_text(header, cells)}
                for row, cells, reason in rejected
            ]
        )

    def action_open_messages(self):
        """The messages this file carried."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.exchange",
            "name": self.env._("Messages"),
            "view_mode": "list,form",
            "domain": [("file_id", "=", self.id)],
        }


def _as_text(header, cells):
    """A row as lines a person can correct: "heading: value"."""
    return "\n".join(
        f"{(header[index] if index < len(header) else '') or index + 1}: {cell}"
        for index, cell in enumerate(cells)
        if cell or (index < len(header) and header[index])
    )
