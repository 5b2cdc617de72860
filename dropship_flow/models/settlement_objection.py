from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .settlement import OPEN

LONGEST = 2000
BY_HAND = {"correction", "answer"}


class DropshipSettlementObjection(models.Model):
    """What a supplier does not agree with on a statement, and what was answered. Never deleted.

    It waits on the statement it was raised on; when that one is closed, on the next.
    """

    _name = "dropship.settlement.objection"
    _description = "Objection to a Supplier's Statement"
    _inherit = ["dropship.state.mixin"]
    _order = "state desc, id desc"

    _transitions = frozenset({("open", "accepted"), ("open", "refused")})

    settlement_id = fields.Many2one(
        "dropship.settlement", string="Raised On", required=True, ondelete="restrict", index=True, readonly=True
    )
    current_id = fields.Many2one(
        "dropship.settlement", string="Waits On", required=True, ondelete="restrict", index=True, readonly=True
    )
    supplier_id = fields.Many2one(related="settlement_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id", store=True)
    line_key = fields.Char(required=True, readonly=True)
    move_id = fields.Many2one("account.move", readonly=True, ondelete="set null", index="btree_not_null")
    document = fields.Char(readonly=True)
    text = fields.Text(string="Objection", required=True, readonly=True)
    author = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    correction = fields.Monetary(
        help="What we owe him more; negative: less. Accepting puts it on the statement as an adjustment. "
        "0: the document itself is corrected in accounting."
    )
    answer = fields.Text()
    answered_by_id = fields.Many2one("res.users", readonly=True)
    answered_at = fields.Datetime(readonly=True)
    adjustment_id = fields.Many2one("dropship.settlement.adjustment", readonly=True, ondelete="set null")

    _open_once = models.UniqueIndex(
        "(current_id, line_key) WHERE state = 'open'", "There is an open objection to this line already."
    )

    def _compute_display_name(self):
        for objection in self:
            objection.display_name = objection.document or objection.text[:40]

    def write(self, vals):
        """Override: the supplier's words stay his, and what was answered stays answered."""
        if not self.env.su and (vals.keys() - BY_HAND or any(objection.state != "open" for objection in self)):
            raise AccessError(self.env._("Only the answer to an open objection is written."))
        return super().write(vals)

    def action_accept(self):
        """He is right: corrected by a credit note or bill."""
        self.check_access("write")
        for objection in self:
            objection._accept()
        return True

    def _accept(self):
        self.ensure_one()
        settlement = self.current_id._lock()
        adjustment = False
        if self.correction:
            if settlement.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%s is closed. Make the next statement, the objection is answered there.", settlement.name
                    )
                )
            adjustment = self.env["dropship.settlement.adjustment"].create(
                {
                    "settlement_id": settlement.id,
                    "kind": "other",
                    "name": self.env._("Correction of %s", self.document or self.text[:60]),
                    "direction": "plus" if self.correction > 0 else "minus",
                    "value": abs(self.correction),
                }
            )
        self._answered("accepted", adjustment)

    def action_refuse(self):
        """He is not right, and hears why."""
        self.check_access("write")
        for objection in self:
            if not (objection.answer or "").strip():
                raise UserError(self.env._("Write why the objection is refused: the supplier reads it."))
            objection.current_id._lock()
            objection._answered("refused")
        return True

    def _answered(self, state, adjustment=False):
        self.sudo()._set_state(
            state,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
            adjustment_id=adjustment and adjustment.id,
        )
        for settlement in self.current_id:
            settlement._answered()


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    objection_ids = fields.One2many("dropship.settlement.objection", "current_id", string="Objections")
    objection_count = fields.Integer(string="Open Objections", compute="_compute_objection_count")

    @api.depends("objection_ids.state")
    def _compute_objection_count(self):
        counts = dict(
            self.env["dropship.settlement.objection"]._read_group(
                [("current_id", "in", self.ids), ("state", "=", "open")], ["current_id"], ["__count"]
            )
        )
        for settlement in self:
            settlement.objection_count = counts.get(settlement, 0)

    def _object(self, line, text, author):
        """The supplier does not agree with a line.

        An objection to a closed statement is kept and goes on to the next one.

        :param line: a line of this statement
        :param str author: who says so, as shown to the accountant
        :return: the objection; when there is an open one to this line, its text is added to
        :raise UserError: without words, or when he was never sent the statement
        """
        self.ensure_one()
        text = (text or "").strip()[:LONGEST]
        if not text:
            raise UserError(self.env._("Write what is not right."))
        if line.settlement_id != self or self.state in ("draft", "cancelled"):
            raise UserError(self.env._("This line is not on a statement you were sent."))
        self._lock()
        objections_sudo = self.env["dropship.settlement.objection"].sudo()  # whoever may see it may object to it
        known = objections_sudo.search(
            [("supplier_id", "=", self.supplier_id.id), ("line_key", "=", line.key), ("state", "=", "open")], limit=1
        )
        if known.text == text or (known.text or "").endswith(f"\n{text}"):
            return known  # a second click
        if known:
            known.text = f"{known.text}\n{text}"[: 2 * LONGEST]
            return known
        with self._first_come():
            objection = objections_sudo.create(
                {
                    "settlement_id": self.id,
                    "current_id": self._open_one().id or self.id,
                    "line_key": line.key,
                    "move_id": line.move_id.id,
                    "document": line.document,
                    "text": text,
                    "author": author or self.supplier_id.sudo().name,
                }
            )
            objection.flush_recordset()
        if self.sudo().state == "sent":
            self.sudo()._set_state("objected")
        objection.current_id._refresh_if_open()
        self.sudo().message_post(body=self.env._("%(who)s objects to %(what)s: %(text)s", who=objection.author,
                                                 what=line.document or line.key, text=text))  # fmt: skip
        return objection

    def _open_one(self):
        """The open statement after this one."""
        domain = [*self._chain_domain(), ("state", "in", OPEN)]
        return self if self.state in OPEN else self.sudo().search(domain, limit=1)

    def _take_objections(self):
        """Open objections to earlier statements wait here from now on."""
        earlier = self.env["dropship.settlement.objection"].sudo().search(
            [*self._chain_domain(), ("state", "=", "open"), ("current_id", "!=", self.id)]
        )  # fmt: skip
        earlier.filtered(lambda objection: objection.current_id.state not in OPEN).write({"current_id": self.id})

    def _refresh_if_open(self):
        for settlement in self:
            if settlement.state in OPEN:
                settlement._refresh()

    def _answered(self):
        """All objections are answered: the supplier may look at it once more."""
        self._refresh_if_open()
        if self.state == "objected" and not self.objection_ids.filtered(lambda objection: objection.state == "open"):
            self.sudo()._set_state("sent", objection_until=self._window_end())
