"""What a supplier was told of a case and what he said to it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...connectors.replies import ADDRESS
from ..case.locked import locked


class DropshipReturnSide(models.Model):
    """A case as one supplier knows it: what he was told, whether he agrees, where to it goes and what he counted.

    What it means for the case is written down there, as events by the supplier; here is what only concerns him.
    """

    _name = "dropship.return.side"
    _description = "Supplier's Side of a Case"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "ref"

    _transitions = frozenset(
        {
            ("told", "asked"),
            ("told", "counted"),
            ("told", "off"),
            ("asked", "told"),
            ("asked", "approved"),
            ("asked", "refused"),
            ("asked", "off"),
            ("approved", "counted"),
            ("approved", "asked"),
            ("approved", "off"),
            ("refused", "approved"),
            ("refused", "asked"),
            ("refused", "off"),
            ("counted", "off"),
            ("off", "told"),
            ("off", "asked"),
        }
    )

    return_id = fields.Many2one(
        "dropship.return", string="Case", required=True, readonly=True, ondelete="cascade", index=True
    )
    ref = fields.Char(related="return_id.name", store=True, index="trigram")
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    supplier_id = fields.Many2one("dropship.supplier", required=True, readonly=True, ondelete="restrict", index=True)
    state = fields.Selection(
        [
            ("told", "Told Him"),
            ("asked", "Approval Asked"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("counted", "Goods Confirmed"),
            ("off", "Called Off"),
        ],
        required=True,
        readonly=True,
        default="told",
        index=True,
    )
    approval = fields.Boolean(string="Approval Needed", readonly=True)
    revision = fields.Integer(default=0, readonly=True, help="Raised when he is told something else, or asked again.")
    content = fields.Json(readonly=True, help="What he was told last; see `_content`.")
    asked_at = fields.Datetime(readonly=True)
    answered_at = fields.Datetime(readonly=True)
    serial = fields.Integer(readonly=True, help="The number of his last answer.")
    remote_ref = fields.Char(string="Supplier's Number", readonly=True)
    reason = fields.Char(string="Supplier's Reason", readonly=True)
    note = fields.Char(string="Supplier's Note", readonly=True)
    address = fields.Json(string="Return Address of the Supplier", readonly=True)
    label = fields.Char(string="Label at the Supplier", readonly=True)
    label_id = fields.Many2one("ir.attachment", string="Return Label", readonly=True, ondelete="set null")
    photo_ids = fields.Many2many("ir.attachment", string="Supplier's Photos", readonly=True, copy=False)
    parcels = fields.Json(readonly=True, help="[{number, carrier}]: on their way to him, as he was told.")
    turn = fields.Integer(readonly=True, help="Counts what he did on his page.")
    exchange_ids = fields.One2many("dropship.exchange", "side_id", string="Messages")

    _once = models.UniqueIndex("(return_id, supplier_id)", "This supplier knows of the case already.")

    @api.model
    def _of(self, ref, supplier, company=None):
        """The case with our number `ref` as this supplier knows it; none for what is not his."""
        if not supplier:
            return self.browse()
        domain = [("ref", "=", ref), ("supplier_id", "in", supplier.ids), ("revision", ">", 0)]
        if company:
            domain.append(("company_id", "in", company.ids))
        return self.search(domain, limit=1)

    def _lines(self):
        """The lines of the case that are his."""
        self.ensure_one()
        return self.return_id.line_ids.filtered(lambda line: line.supplier_id == self.supplier_id)

    # ------------------------------------------------------------------
    # What he says
    # ------------------------------------------------------------------

    def _take(self, reply, key, photos=None, label=None):
        """Do what his answer says, once. The same answer again changes nothing.

        :param dict reply: as `connectors.replies.returned` gives it
        :param str key: of the message; the same one twice is one
        :param photos: ir.attachment of what came · label: ir.attachment
        :raise UserError: why it cannot be taken; nothing is written then
        """
        self.ensure_one()
        locked(self)
        if 0 < reply["serial"] < self.serial:  # he said something newer already
            return
        if self.state == "off" and reply["answer"] != "received":
            raise UserError(self.env._("%s was called off: nothing comes back to you.", self.ref))
        values = {"serial": max(reply["serial"], self.serial)}
        if reply["remote_ref"]:
            values["remote_ref"] = reply["remote_ref"]
        self.write(values)
        if reply["answer"] not in ("received", "unknown"):
            getattr(self, f"_take_{reply['answer']}")(reply, key, photos, label)

    def _take_approved(self, reply, key, _photos, label):
        if self.state == "counted":
            raise UserError(self.env._("%s has arrived already: there is nothing left to approve.", self.ref))
        values = {"answered_at": fields.Datetime.now(), "note": reply["note"], "reason": False}
        values |= self._where(reply, label)
        if self.state in ("asked", "refused"):
            # First his side, then the case: what follows of the event reads the address.
            self._set_state("approved", **values)
            self._agree(reply, key)
        else:
            self.write(values)
        if label:  # the customer finds it with his parcel
            self.return_id._add_label(label.name, label.raw, list(self._lines()))

    def _where(self, reply, label):
        """Where to it goes, as he says; what he does not say stays as it is."""
        values = {}
        if reply["address"]:
            if self._sent():
                raise UserError(
                    self.env._("The goods of %s are on their way already: the address cannot change.", self.ref)
                )
            values["address"] = {name: reply["address"].get(name, "") for name in ADDRESS}
        if reply["label"]:
            values["label"] = reply["label"]
        if label:
            values["label_id"] = label.id
        return values

    def _sent(self):
        return any(event.code == "send" for event in self.return_id.event_ids)

    def _agree(self, reply, key):
        """The case has the suppliers' approval once all who were asked gave it."""
        case = self.return_id
        others = case.side_ids.filtered(lambda side: side.approval and side.state in ("asked", "refused"))
        if case.approval in ("waiting", "refused") and not others:
            case._record("approve", "supplier", text=reply["note"], key=key)

    def _take_refused(self, reply, key, _photos, _label):
        if self.state == "refused":
            return
        if self.state != "asked":
            raise UserError(
                self.env._("%s cannot be refused any more: it was agreed, or nobody asked for approval.", self.ref)
            )
        self._set_state("refused", reason=reply["reason"], answered_at=fields.Datetime.now())
        if self.return_id.approval == "waiting":
            self.return_id._record("disapprove", "supplier", text=reply["reason"], key=key)

    def _take_counted(self, reply, key, photos, _label):
        self._take_goods("receive", reply, key, photos)

    def _take_inspected(self, reply, key, photos, _label):
        self._take_goods("inspect", reply, key, photos)

    def _take_goods(self, code, reply, key, photos):
        if self.state in ("asked", "refused"):
            raise UserError(self.env._("Approve %s first: nothing was sent to you yet.", self.ref))
        rows = self._rows(reply["lines"], code)
        self._goods_fact(code, self._parcel_of(reply["parcel"]), rows, key, photos)
        self._set_state("counted")
        self.write({"answered_at": fields.Datetime.now(), "note": reply["note"] or self.note})
        if photos:
            self.photo_ids |= photos


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    side_ids = fields.One2many(
        "dropship.return.side", "return_id", string="Suppliers' Answers", groups="dropship_flow.group_dropship_user"
    )

    def _supplier_address(self):
        """Where the suppliers who agreed want the goods: {supplier: {name, street, …}} of those who said so."""
        self.ensure_one()
        sides_sudo = self.sudo().side_ids  # who sends goods back need not read messages of suppliers
        return {
            side.supplier_id: side.address
            for side in sides_sudo
            if side.address and side.state in ("told", "approved", "counted")
        }
