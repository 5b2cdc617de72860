import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..papers import TYPES, decoded, kind_of, safe_name
from ..papers.sniff import LABELS, MAX_BYTES

DOCUMENT_KINDS = [
    ("label", "Shipping label"),
    ("photo", "Photo"),
    ("bill", "Bill"),
    ("customs", "Customs paper"),
    ("other", "Other"),
]
# What a supplier may hand in for one purchase; more is a mistake or worse.
MAX_DOCUMENTS = 30


class DropshipSupplierDocument(models.Model):
    """A paper that belongs to a purchase: what the supplier handed in, or the label we give him.

    The supplier concerned and our people see it, nobody else; a customer never does.
    """

    _name = "dropship.supplier.document"
    _description = "Document of a Purchase"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {("new", "checked"), ("new", "rejected"), ("checked", "rejected"), ("rejected", "checked")}
    )

    name = fields.Char(required=True)
    kind = fields.Selection(DOCUMENT_KINDS, required=True, default="label", index=True)
    origin = fields.Selection(
        [("supplier", "From the supplier"), ("us", "For the supplier")], required=True, default="us", readonly=True,
        string="Comes",
    )  # fmt: skip
    state = fields.Selection(
        [("new", "New"), ("checked", "Checked"), ("rejected", "Not usable")], required=True, default="new", index=True
    )
    purchase_id = fields.Many2one("purchase.order", ondelete="cascade", index="btree_not_null", check_company=True)
    order_id = fields.Many2one("sale.order", string="Sale", ondelete="cascade", index="btree_not_null")
    supplier_id = fields.Many2one(
        related="purchase_id.dropship_warehouse_id.supplier_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True, index=True)
    number = fields.Char(string="Tracking Number")
    carrier = fields.Char()
    attachment_id = fields.Many2one("ir.attachment", string="Stored File", ondelete="restrict", readonly=True)
    mimetype = fields.Char(readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    checksum = fields.Char(readonly=True, index="btree_not_null")
    file = fields.Binary(compute="_compute_file", inverse="_inverse_file", help="PDF, PNG, JPEG, XLSX or XML, 10 MB.")

    _same_file_once = models.UniqueIndex(
        "(purchase_id, kind, checksum) WHERE purchase_id IS NOT NULL AND state <> 'rejected'",
        "This file is already there.",
    )
    _of_something = models.Constraint(
        "CHECK (purchase_id IS NOT NULL OR order_id IS NOT NULL)", "Say which purchase or sale it belongs to."
    )

    @api.depends("purchase_id", "order_id")
    def _compute_company_id(self):
        for document in self:
            document.company_id = document.purchase_id.company_id or document.order_id.company_id

    def _compute_file(self):
        for document in self:
            # The document is what rights are asked for; its file belongs to it.
            document.file = document.sudo().attachment_id.datas

    def _inverse_file(self):
        raise UserError(self.env._("A document is not changed. Reject it and add the right one."))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a document is its file; what it really is decides, not its name."""
        prepared, contents = [], []
        for vals in vals_list:
            vals = dict(vals)
            data = self._decode(vals.pop("file", None))
            found = self._examine(data, vals.get("kind") or "label", vals.get("origin") or "us")
            vals |= {
                "name": safe_name(vals.get("name"), found),
                "mimetype": TYPES[found][0],
                "size": len(data),
                "checksum": hashlib.sha256(data).hexdigest(),
            }
            prepared.append(vals)
            contents.append(data)
        documents = super().create(prepared)
        for document, data in zip(documents, contents, strict=True):
            document.sudo()._attach(data)  # files of a purchase are written by whoever may add a document to it
        documents._labels_came()
        return documents

    @api.model
    def _decode(self, text):
        data = decoded(text)
        if not data:
            raise UserError(self.env._("Choose a file. An empty one is no document."))
        return data

    @api.model
    def _examine(self, data, kind, origin):
        """What the file is.

        :raise UserError: when we do not take it
        """
        if len(data) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 10 MB. Please make it smaller."))
        found = kind_of(data)
        if not found:
            raise UserError(self.env._("This file is no PDF, PNG, JPEG, XLSX or XML. Please save it as one of these."))
        if kind == "label" and origin == "us" and found not in LABELS:
            raise UserError(self.env._("A label to print is a PDF or a PNG."))
        return found

    def _attach(self, data):
        self.ensure_one()
        owner = self.purchase_id or self
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self.name,
                "raw": data,
                "mimetype": self.mimetype,
                "res_model": owner._name,
                "res_id": owner.id,
                "company_id": self.company_id.id,
            }
        )

    def write(self, vals):
        """Override: a label that is not usable, or is again, changes what waits for it."""
        result = super().write(vals)
        if {"state", "purchase_id"} & vals.keys():
            self._labels_came()
        return result

    def _labels_came(self):
        labels = self.filtered(lambda document: document.kind == "label" and document.origin == "us")
        # The order desk gives labels; the purchases go by the rules, not by its rights.
        purchases_sudo = labels.sudo().purchase_id | labels.sudo().order_id.dropship_purchase_ids
        purchases_sudo._dropship_papers_changed("label_missing")

    def unlink(self):
        attachments_sudo = self.sudo().attachment_id
        result = super().unlink()
        attachments_sudo.unlink()
        return result

    def action_check(self):
        self._set_state("checked")
        return True

    def action_reject(self):
        self._set_state("rejected")
        return True

    def action_open_file(self):
        """Download the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.supplier.document/{self.id}/file/{self.name}?download=true",
            "target": "self",
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_dropship_add_label(self):
        """A label the platform gave for the sale."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Label"),
            "res_model": "dropship.supplier.document",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_kind": "label", "default_origin": "us"},
        }


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_document_ids = fields.One2many(
        "dropship.supplier.document", "purchase_id", string="Documents", groups="dropship_flow.group_dropship_user"
    )
    dropship_document_count = fields.Integer(
        compute="_compute_dropship_document_count", groups="dropship_flow.group_dropship_user"
    )

    def _compute_dropship_document_count(self):
        groups = self.env["dropship.supplier.document"]._read_group(
            [("purchase_id", "in", self.ids)], ["purchase_id"], ["__count"]
        )
        counts = {purchase.id: count for purchase, count in groups}
        for order in self:
            order.dropship_document_count = counts.get(order.id, 0)

    def _dropship_take_document(self, kind, name, data):
        """Keep what the supplier handed in; the same file again changes nothing.

        :raise UserError: says what to do when it cannot be taken
        """
        self.ensure_one()
        documents_sudo = self.env["dropship.supplier.document"].sudo()  # his page is his right to hand it in
        if self.state in ("draft", "to approve") or not self.sudo().dropship_warehouse_id:
            raise UserError(self.env._("This order is not open for documents. Please ask us."))
        if kind not in dict(DOCUMENT_KINDS):
            raise UserError(self.env._("Say what the document is."))
        if not data:
            raise UserError(self.env._("Choose a file. An empty one is no document."))
        documents_sudo._examine(data, kind, "supplier")
        # Two uploads at once come one after the other.
        self.sudo().lock_for_update(allow_referencing=True)
        known = documents_sudo.search([("purchase_id", "=", self.id), ("origin", "=", "supplier")])
        same = known.filtered(
            lambda row: (
                row.kind == kind and row.checksum == hashlib.sha256(data).hexdigest() and row.state != "rejected"
            )
        )
        if same:
            return same[:1]
        if len(known) >= MAX_DOCUMENTS:
            raise UserError(self.env._("There are %s documents for this order already. Please ask us.", MAX_DOCUMENTS))
        with self.env["dropship.hold"]._first_come():
            document = documents_sudo.create(
                {
                    "name": name,
                    "kind": kind,
                    "origin": "supplier",
                    "purchase_id": self.id,
                    "file": base64.b64encode(data),
                }
            )
        kinds = dict(documents_sudo._fields["kind"]._description_selection(self.env))
        self.sudo().message_post(
            body=self.env._("The supplier handed in: %(kind)s (%(name)s)", kind=kinds[kind], name=document.name),
            subtype_xmlid="mail.mt_note",
            author_id=self.partner_id.id,
        )
        return document

    def _dropship_documents_shown(self):
        """What the supplier sees on the page of his purchase: what he handed in, and the labels for him."""
        self.ensure_one()
        documents_sudo = self.env["dropship.supplier.document"].sudo()  # the page asked for the right to the purchase
        own = documents_sudo.search([("purchase_id", "=", self.id), ("origin", "=", "supplier")])
        return own | self._dropship_labels()

    def action_dropship_documents(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.supplier.document",
            "name": self.env._("Documents"),
            "view_mode": "list,form",
            "domain": [("purchase_id", "=", self.id)],
            "context": {"default_purchase_id": self.id},
        }
