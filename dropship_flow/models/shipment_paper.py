"""Papers of a parcel: its label, and what proves that it was delivered."""

import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..papers import TYPES, decoded, kind_of, safe_name
from ..papers.sniff import MAX_BYTES

PAPERS = [("label", "Label"), ("photo", "Photo of the delivery"), ("signature", "Signature"), ("other", "Other")]
MAX_PAPERS = 20


class DropshipShipmentPaper(models.Model):
    """A file about one parcel. Our people read it; whoever shows it to a customer decides that for each kind.

    A label shows the receiver's address and maybe the sender's: it is never shown to a customer.
    """

    _name = "dropship.shipment.paper"
    _description = "Paper of a Parcel"
    _order = "shipment_id, id"

    shipment_id = fields.Many2one("dropship.shipment", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    kind = fields.Selection(PAPERS, required=True, default="label")
    name = fields.Char(required=True)
    origin = fields.Selection(
        [("us", "From us"), ("supplier", "From the supplier"), ("carrier", "From the carrier")],
        string="Comes",
        required=True,
        default="us",
    )
    mimetype = fields.Char(readonly=True)
    checksum = fields.Char(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Stored File", ondelete="restrict", readonly=True)
    file = fields.Binary(compute="_compute_file", inverse="_inverse_file", help="PDF, PNG or JPEG, 10 MB.")

    _same_once = models.UniqueIndex("(shipment_id, kind, checksum)", "This file is already there.")

    def _compute_file(self):
        for paper in self:
            paper.file = paper.sudo().attachment_id.datas  # rights are asked for on the paper

    def _inverse_file(self):
        raise UserError(self.env._("A paper is not changed. Remove it and add the right one."))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what the file really is decides, not its name."""
        prepared, contents = [], []
        for vals in vals_list:
            vals = dict(vals)
            data = self._decode(vals.pop("file", None))
            found = self._examine(data)
            vals |= {
                "name": safe_name(vals.get("name"), found),
                "mimetype": TYPES[found][0],
                "checksum": hashlib.sha256(data).hexdigest(),
            }
            prepared.append(vals)
            contents.append(data)
        papers = super().create(prepared)
        for paper, data in zip(papers, contents, strict=True):
            if len(paper.shipment_id.paper_ids) > MAX_PAPERS:
                raise UserError(self.env._("A parcel has %s papers at most. Remove one first.", MAX_PAPERS))
            paper_sudo = paper.sudo()  # files are stored by the system, rights are asked for on the paper
            paper_sudo.attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": paper.name,
                        "raw": data,
                        "mimetype": paper.mimetype,
                        "res_model": self._name,
                        "res_id": paper.id,
                        "company_id": paper.company_id.id,
                    }
                )
            )
        return papers

    @api.ondelete(at_uninstall=False)
    def _unlink_file(self):
        for paper_sudo in self.sudo():
            file = paper_sudo.attachment_id
            paper_sudo.attachment_id = False
            file.unlink()

    @api.model
    def _decode(self, text):
        data = decoded(text)
        if not data:
            raise UserError(self.env._("Choose a file. An empty one is no paper."))
        return data

    @api.model
    def _examine(self, data):
        if len(data) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 10 MB. Please make it smaller."))
        found = kind_of(data)
        if found not in ("pdf", "png", "jpeg"):
            raise UserError(self.env._("Only PDF, PNG and JPEG files are kept with a parcel."))
        return found


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    paper_ids = fields.One2many("dropship.shipment.paper", "shipment_id", string="Papers")

    def _proofs(self):
        """What may be shown to prove the delivery: photos and signatures, never labels."""
        return self.paper_ids.filtered(lambda paper: paper.kind in ("photo", "signature"))

    def _take_labels(self):
        """The labels handed in with the purchases belong to the parcels with their number."""
        documents_sudo = self.env["dropship.supplier.document"].sudo()  # who may read the parcel may read its label
        for shipment in self:
            for document in documents_sudo.search(
                [
                    ("purchase_id", "in", shipment.sudo().purchase_ids.ids),
                    ("kind", "=", "label"),
                    ("number", "=", shipment.number),
                    ("state", "!=", "rejected"),
                    ("checksum", "not in", shipment.paper_ids.mapped("checksum")),
                ]
            ):
                kind = kind_of(document.attachment_id.raw or b"")
                if kind in ("pdf", "png", "jpeg"):
                    self.env["dropship.shipment.paper"].create(
                        {
                            "shipment_id": shipment.id,
                            "kind": "label",
                            "name": document.name,
                            "origin": "supplier" if document.origin == "supplier" else "us",
                            "file": base64.b64encode(document.attachment_id.raw),
                        }
                    )

    def _after_dispatch(self):
        """Override: labels that came with the purchase are the parcel's."""
        result = super()._after_dispatch()
        self._take_labels()
        return result
