import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import bill_files
from ..feeds.charset import shown
from .bill_text import bill_reasons
from .reason_text import reasons_text
from .state_mixin import lock_written

STATES = [
    ("received", "Received"),
    ("read", "Read"),
    ("held", "Held"),
    ("differs", "Differs"),
    ("matched", "Matched"),
    ("entered", "Entered"),
    ("rejected", "Rejected"),
]
PAPERS = ("pdf", "png", "jpeg")
# So many reasons of lines are said for the whole bill.
SHOWN = 5


class DropshipBillUpload(models.Model):
    """A bill as the supplier handed it in: kept as it came, read, matched with his orders, entered once.

    What is wrong with it stands beside it in words; corrected, it is read again. It posts nothing: entering makes one
    draft vendor bill.
    """

    _name = "dropship.bill.upload"
    _description = "Bill Handed In"
    _inherit = ["mail.thread", "mail.activity.mixin", "dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("received", "read"), ("received", "held"), ("read", "held"), ("read", "differs"), ("read", "matched"),
            ("held", "received"), ("held", "read"), ("held", "rejected"),
            ("differs", "received"), ("differs", "read"), ("differs", "entered"), ("differs", "held"),
            ("differs", "rejected"),
            ("matched", "received"), ("matched", "read"), ("matched", "entered"), ("matched", "held"),
            ("matched", "differs"), ("matched", "rejected"),
            ("rejected", "received"), ("entered", "received"),
        }
    )  # fmt: skip

    name = fields.Char(string="File", required=True, readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    source = fields.Selection(
        [("desk", "Supplier's page"), ("office", "Uploaded here"), ("api", "Supplier's program"), ("mail", "E-mail")],
        string="Came By", required=True, readonly=True, default="office",
    )  # fmt: skip
    user_id = fields.Many2one("res.users", string="Uploaded By", readonly=True, default=lambda self: self.env.user)
    uploader = fields.Char(string="Handed In By", readonly=True, help="The supplier's link or key it came with.")
    content = fields.Binary(string="File as It Came", attachment=True, readonly=True, required=True)
    mimetype = fields.Char(readonly=True)
    file_kind = fields.Selection(
        [("pdf", "PDF"), ("png", "Picture"), ("jpeg", "Photo"), ("xml", "UBL"), ("xlsx", "Workbook"),
         ("csv", "CSV"), ("message", "Message")],
        string="Kind of File", required=True, readonly=True,
    )  # fmt: skip
    sha256 = fields.Char(required=True, readonly=True)
    typed = fields.Json(readonly=True, help="What was typed beside the file.")
    message = fields.Json(readonly=True, help="The bill as the supplier's program told it.")
    told = fields.Json(readonly=True, help="The bill as it was read.")

    state = fields.Selection(
        STATES, default="received", required=True, readonly=True, index=True, tracking=True, copy=False
    )
    kind = fields.Selection(
        [("invoice", "Bill"), ("credit", "Credit note")], default="invoice", required=True, readonly=True
    )
    number = fields.Char(readonly=True, tracking=True)
    number_key = fields.Char(readonly=True, copy=False)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    net = fields.Monetary(readonly=True)
    tax = fields.Monetary(readonly=True)
    gross = fields.Monetary(string="With Tax", readonly=True)
    total = fields.Monetary(
        compute="_compute_total", store=True, help="With tax where the bill says it, else without."
    )
    tax_difference = fields.Monetary(
        string="Rounding of Tax", readonly=True, copy=False,
        help="By how much the tax on the bill differs from ours by rounding. The draft bill has the supplier's.",
    )  # fmt: skip
    account_shown = fields.Char(string="Account on the Bill", readonly=True)
    account_checked = fields.Char(readonly=True, copy=False, groups="dropship_flow.group_dropship_user")
    reasons = fields.Json(readonly=True)
    reason_text = fields.Text(string="Why", compute="_compute_reason_text")
    reject_reason = fields.Text(string="Rejected Because", readonly=True, copy=False, tracking=True)
    line_ids = fields.One2many("dropship.bill.upload.line", "upload_id", string="Lines")
    purchase_ids = fields.Many2many(
        "purchase.order", "dropship_bill_upload_purchase_rel", "upload_id", "purchase_id", string="Purchases",
        readonly=True, copy=False,
    )  # fmt: skip
    move_id = fields.Many2one(
        "account.move", string="Bill", readonly=True, copy=False, ondelete="set null", check_company=True
    )
    turn = fields.Integer(
        readonly=True, default=0, help="Counts what was done with it: a page that is behind is not taken."
    )

    _same_file_once = models.UniqueIndex(
        "(supplier_id, company_id, sha256) WHERE state <> 'rejected'", "This file was handed in before."
    )
    _number_once = models.UniqueIndex(
        "(supplier_id, company_id, kind, number_key) WHERE number_key IS NOT NULL",
        "A bill with this number is there already.",
    )
    _entered_once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "This bill was entered from another file."
    )

    @api.depends("number", "name")
    def _compute_display_name(self):
        for upload in self:
            upload.display_name = upload.number or upload.name

    @api.depends("gross", "net")
    def _compute_total(self):
        for upload in self:
            upload.total = upload.gross or upload.net

    @api.depends("reasons", "line_ids.reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        """What speaks against the whole, then the first of what speaks against lines."""
        for upload in self:
            lines = [reason for line in upload.line_ids for reason in line.reasons or []]
            found = reasons_text(self.env, (upload.reasons or []) + lines[:SHOWN])
            if len(lines) > SHOWN:
                found += "\n" + self.env._("And %s more, see the lines.", len(lines) - SHOWN)
            upload.reason_text = found or False

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, supplier, company, name, content, typed=None, source="office", uploader="", message=None):
        """Keep a bill, read and match it; what is matched is entered.

        :param bytes content: the file as it came
        :param dict typed: what was typed beside it, as `bill_files.paper.typed` keeps it
        :param dict message: the bill as a supplier's program told it; the file is only kept then
        :return: (upload, whether it is new)
        :raise UserError: for what no bill is; nothing is kept then
        """
        if not content:
            raise UserError(self.env._("Choose a file. An empty one is no bill."))
        if len(content) > bill_files.MAX_BYTES:
            raise UserError(self.env._("The file is larger than 10 MB. Please make it smaller."))
        found = "message" if message else bill_files.kind_of(content)
        if not found:
            raise UserError(
                self.env._("This file is no PDF, picture, workbook (XLSX), CSV or UBL. Please save it as one of these.")
            )
        digest = hashlib.sha256(content).hexdigest()
        uploads_sudo = self.sudo()  # whoever may hand in a bill does not write it
        domain = [("supplier_id", "=", supplier.id), ("company_id", "=", company.id), ("sha256", "=", digest)]
        known = uploads_sudo.search([*domain, ("state", "!=", "rejected")], limit=1)
        if known:
            known._typed_again(typed)
            return known, False
        with self._first_come():
            upload = uploads_sudo.create(
                {
                    "name": shown(" ".join((name or "bill").replace("\\", "/").rpartition("/")[2].split()))[:120]
                    or "bill",
                    "supplier_id": supplier.id,
                    "company_id": company.id,
                    "source": source,
                    "uploader": uploader,
                    "content": base64.b64encode(content),
                    "mimetype": bill_files.TYPES.get(found, "application/json"),
                    "file_kind": found,
                    "sha256": digest,
                    "typed": typed or {},
                    "message": message,
                }
            )
            upload.flush_recordset()
        upload._read()
        return upload, True

    def _typed_again(self, typed):
        """The same file with other words beside it: a correction, as long as nothing was entered."""
        if typed and self.state in ("held", "differs") and {**(self.typed or {}), **typed} != self.typed:
            self._correct(typed)

    def _correct(self, typed):
        """Take other words beside the file and read it again."""
        self._set_state("received", typed={**(self.typed or {}), **typed}, number_key=False, turn=self.turn + 1)
        self._read()

    def _bytes(self):
        return base64.b64decode(self.with_context(bin_size=False).content or b"")

    def _today(self):
        return fields.Date.context_today(self)

    def _is_paper(self):
        return self.file_kind in PAPERS

    def _read(self):
        """Read what was received and match it. What cannot be read is held with its reason."""
        currencies = set(self.env["res.currency"].search([]).mapped("name"))
        for upload in self:
            try:
                if upload.message:
                    bill = bill_files.complete(bill_files.message.read(upload.message))
                    bill_files.paper.add(bill, upload.typed or {})
                else:
                    bill = bill_files.read(upload.file_kind, upload.name, upload._bytes(), upload.typed)
            except bill_files.BillError as error:
                reasons = bill_reasons([(error.code, error.params, "")])
                upload._set_state("held", reasons=reasons, number_key=False)
                continue
            bill_files.check(bill, upload._today(), currencies, paper=upload._is_paper())
            upload._keep(bill)
            upload._match(bill)

    def _keep(self, bill):
        """Write what was read; what people said about a line stays with it."""
        currency = self.env["res.currency"].search([("name", "=", bill.currency)]) if bill.currency else False
        self._set_state(
            "read",
            kind=bill.kind,
            number=bill.number or False,
            date=bill.date,
            date_due=bill.due,
            currency_id=currency.id if currency else False,
            net=float(bill.net or 0),
            tax=float(bill.tax or 0),
            gross=float(bill.gross or 0),
            account_shown=bill_files.masked(bill.account) if bill.account else False,
            told=bill_files.as_json(bill),
        )

    def _lock(self):
        """Lock and write the row: who comes second sees what the first did."""
        self.env.flush_all()
        lock_written(self)
