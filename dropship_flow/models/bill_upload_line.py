from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .reason_text import reasons_text

OBJECTION = "dropship_flow.activity_bill_objection"
LINE_STATES = [("matched", "Matched"), ("differs", "Differs"), ("held", "Held")]


class DropshipBillUploadLine(models.Model):
    """A line of a bill beside the line of the purchase it is about. Quantities and prices per unit of his SKU."""

    _name = "dropship.bill.upload.line"
    _description = "Line of a Bill Handed In"
    _order = "upload_id desc, sequence, id"

    upload_id = fields.Many2one("dropship.bill.upload", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="upload_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="upload_id.currency_id")
    sequence = fields.Integer(readonly=True)
    place = fields.Char(string="Row", readonly=True)
    charge = fields.Selection(selection="_charges", readonly=True, help="Empty: goods.")
    ref = fields.Char(string="Order on the Bill", readonly=True)
    sku = fields.Char(string="SKU", readonly=True)
    name = fields.Char(string="Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    price = fields.Float(min_display_digits="Product Price", readonly=True)
    rate = fields.Float(string="Tax (%)", readonly=True)
    amount = fields.Monetary(readonly=True)
    purchase_id = fields.Many2one(
        "purchase.order", readonly=True, ondelete="set null", index="btree_not_null"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    fixed = fields.Boolean(string="Said by a Person", readonly=True)
    agreed_price = fields.Float(min_display_digits="Product Price", readonly=True)
    ordered_quantity = fields.Float(string="Ordered", digits="Product Unit", readonly=True)
    shipped_quantity = fields.Float(string="Shipped", digits="Product Unit", readonly=True)
    billed_quantity = fields.Float(string="Billed Before", digits="Product Unit", readonly=True)
    state = fields.Selection(LINE_STATES, default="held", required=True, readonly=True)
    reasons = fields.Json(readonly=True)
    reason_text = fields.Text(string="Why", compute="_compute_reason_text")

    comment = fields.Text(string="The Supplier Says", readonly=True, copy=False)
    comment_on = fields.Datetime(readonly=True, copy=False)
    answer = fields.Text(string="Our Answer", readonly=True, copy=False)
    answer_on = fields.Datetime(readonly=True, copy=False)
    answer_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    @api.model
    def _charges(self):
        return self.env["account.move.line"]._dropship_charges()

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = reasons_text(self.env, line.reasons or []) or False

    @api.depends("sku", "name", "place")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.sku or line.name or line.place or ""

    def action_fix(self):
        """Say which line of a purchase is meant."""
        self.ensure_one()
        self.upload_id._check_may()
        if self.upload_id.state == "entered":
            raise UserError(self.env._("The bill is entered: correct it there."))
        wizard = self.env["dropship.bill.fix"].create({"line_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which Line Is Meant?"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_answer(self):
        """Answer what the supplier said."""
        self.ensure_one()
        self.upload_id._check_may()
        return self.env["dropship.bill.say"]._ask(self.upload_id, "answer", self)

    # ------------------------------------------------------------------
    # What the supplier says
    # ------------------------------------------------------------------

    def _say(self, text):
        """The supplier objects to a line: kept, and one thing to do for who looks after bills."""
        self.ensure_one()
        upload = self.upload_id
        self.write({"comment": text, "comment_on": fields.Datetime.now(), "answer": False, "answer_on": False,
                    "answer_by_id": False})  # fmt: skip
        upload.turn += 1
        upload.message_post(
            body=self.env._("The supplier on %(line)s: %(text)s", line=self.display_name, text=text),
            subtype_xmlid="mail.mt_note",
            author_id=upload.supplier_id.partner_id.id,
        )
        user = upload._accountant()
        open_ones = upload.activity_search([OBJECTION])
        if open_ones:
            open_ones[:1].note = f"{html2plaintext(open_ones[:1].note or '')}\n{self.display_name}: {text}"
        else:
            summary = upload.with_context(lang=user.lang).env._("The supplier objects: bill %s", upload.display_name)
            upload.activity_schedule(OBJECTION, summary=summary, note=f"{self.display_name}: {text}", user_id=user.id)

    def _answer(self, text):
        self.ensure_one()
        self.write({"answer": text, "answer_on": fields.Datetime.now(), "answer_by_id": self.env.uid})
        self.upload_id.turn += 1
        self.upload_id.message_post(
            body=self.env._("Answered on %(line)s: %(text)s", line=self.display_name, text=text),
            subtype_xmlid="mail.mt_note",
        )
        waiting = self.upload_id.line_ids.filtered(lambda line: line.comment and not line.answer)
        if not waiting:
            # What else people have to do about the bill is not done by an answer.
            self.upload_id.activity_feedback([OBJECTION])


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def _accountant(self):
        """Who looks after bills of this company: an accountant, else the supplier's buyer."""
        self.ensure_one()
        group = self.env.ref("account.group_account_invoice")
        desk = self.env.ref("dropship_flow.group_dropship_user")
        found = self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("all_group_ids", "in", desk.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ]
        )
        managers = self.env.ref("dropship_flow.group_dropship_manager").all_user_ids
        return (found - managers)[:1] or found[:1] or self.supplier_id.user_id or self.env.ref("base.user_admin")
