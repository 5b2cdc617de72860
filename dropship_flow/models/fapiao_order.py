"""Which invoice (发票) a customer wants for an order: asked at checkout, on his pages, in files; kept until issued."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .fapiao_title import KINDS, SAID

STATES = [
    ("none", "Not wanted"),
    ("wanted", "Wanted"),
    ("exported", "Exported"),
    ("issued", "Issued"),
    ("red_needed", "Red-letter needed"),
    ("red_exported", "Red-letter exported"),
    ("red_issued", "Red-letter issued"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_fapiao_kind = fields.Selection(
        KINDS, string="Fapiao", default="none", copy=False, tracking=True, groups="base.group_user"
    )
    dropship_fapiao_title_id = fields.Many2one(
        "dropship.fapiao.title",
        string="Fapiao Title",
        copy=False,
        check_company=True,
        domain="[('partner_id', 'parent_of', partner_id), ('company_id', '=', company_id)]",
        groups="base.group_user",
        help="Empty: an ordinary fapiao with the customer's name.",
    )
    dropship_fapiao_state = fields.Selection(
        STATES, string="Fapiao State", compute="_compute_dropship_fapiao_state", groups="base.group_user"
    )
    dropship_fapiao_shown = fields.Boolean(compute="_compute_dropship_fapiao_shown", groups="base.group_user")

    @api.depends("company_id")
    def _compute_dropship_fapiao_shown(self):
        for order in self:
            order.dropship_fapiao_shown = order.company_id._dropship_uses_fapiao()

    @api.depends("dropship_fapiao_kind", "invoice_ids.dropship_fapiao_state", "invoice_ids.state")
    def _compute_dropship_fapiao_state(self):
        ranks = [state for state, _label in STATES]
        for order in self:
            posted = order.sudo().invoice_ids.filtered(lambda move: move.state == "posted")  # the desk reads no books
            found = {state for state in posted.mapped("dropship_fapiao_state") if state and state != "none"}
            if found:
                # What is to be done goes first; then the last that happened.
                todo = [state for state in ("red_needed", "wanted", "red_exported", "exported") if state in found]
                order.dropship_fapiao_state = todo[0] if todo else max(found, key=ranks.index)
            else:
                order.dropship_fapiao_state = "none" if order.dropship_fapiao_kind in (False, "none") else "wanted"

    def write(self, vals):
        """Override: who changes the wish changes it on the invoices that are not issued yet."""
        wish = {"dropship_fapiao_kind", "dropship_fapiao_title_id"} & vals.keys()
        if wish and any(not order._dropship_fapiao_open() for order in self.sudo()):
            raise UserError(
                self.env._(
                    "The fapiao of %s is with the tax bureau already. Issue a red-letter one first, with a credit "
                    "note.",
                    ", ".join(order.name for order in self.sudo() if not order._dropship_fapiao_open()),
                )
            )
        result = super().write(vals)
        if wish:
            for order_sudo in self.sudo():
                invoices = order_sudo.invoice_ids.filtered(lambda move: move.state != "cancel")
                (invoices - invoices._dropship_fapiao_told().move_ids).write(
                    {
                        "dropship_fapiao_kind": order_sudo.dropship_fapiao_kind,
                        "dropship_fapiao_title_id": order_sudo.dropship_fapiao_title_id.id,
                    }
                )
        return result

    def _dropship_fapiao_open(self):
        """Whether the customer may still say what he wants, if only for a part. Note: `self.ensure_one()`."""
        self.ensure_one()
        if self.dropship_fapiao_state not in ("none", "wanted"):
            return False
        posted = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        return not posted or any(not move._dropship_fapiao_told() for move in posted)

    def _prepare_invoice(self):
        """Override: the invoice knows which fapiao it becomes."""
        vals = super()._prepare_invoice()
        order_sudo = self.sudo()  # the desk's own wish, whoever invoices
        # Always there: invoices are sorted by it.
        vals["dropship_fapiao_kind"] = order_sudo.dropship_fapiao_kind or "none"
        vals["dropship_fapiao_title_id"] = order_sudo.dropship_fapiao_title_id.id
        return vals

    @api.model
    def _get_invoice_grouping_keys(self):
        """Override: orders with different titles are different invoices."""
        return [*super()._get_invoice_grouping_keys(), "dropship_fapiao_kind", "dropship_fapiao_title_id"]

    # ------------------------------------------------------------------
    # What the customer says
    # ------------------------------------------------------------------

    def _dropship_fapiao_ask(self, values):
        """Take what a customer wants for this order.

        :param dict values: kind, who, and the names of `fapiao_title.SAID`
        :raise UserError: with a sentence for the customer; nothing is changed then
        """
        self.ensure_one()
        order_sudo = self.sudo()  # customers have no rights on orders and titles; whose order it is was checked before
        if not order_sudo.company_id._dropship_uses_fapiao():
            raise UserError(self.env._("There is no fapiao for this order."))
        if order_sudo._dropship_fapiao_nobody():
            raise UserError(self.env._("Please enter your address first."))
        kind = values.get("kind")
        if not isinstance(kind, str) or kind not in dict(KINDS):
            raise UserError(self.env._("Choose which fapiao you want."))
        titles_sudo = self.env["dropship.fapiao.title"].sudo()
        title = titles_sudo.browse()
        if kind == "special" or (kind == "ordinary" and values.get("name")):
            title = titles_sudo._remember(order_sudo.partner_id, order_sudo.company_id, kind, values)
        wish = {"dropship_fapiao_kind": kind, "dropship_fapiao_title_id": title.id}
        if any((order_sudo[name].id if name.endswith("_id") else order_sudo[name]) != wish[name] for name in wish):
            order_sudo.write(wish)

    def _dropship_fapiao_told(self, told):
        """The same for a channel that told it: what cannot be taken is noted for the desk, the order stands.

        :param dict told: as `_dropship_fapiao_ask` takes it; without a kind it is an ordinary one
        """
        self.ensure_one()
        if not told or not self.company_id._dropship_uses_fapiao():
            return
        values = {"kind": "ordinary", **told}
        values.setdefault("who", "company" if values.get("tax_number") else "person")
        try:
            with self.env.cr.savepoint():
                self._dropship_fapiao_ask(values)
        except UserError as error:
            self.sudo().dropship_fapiao_kind = values["kind"] if values["kind"] in dict(KINDS) else "ordinary"
            told_text = " · ".join(values[name] for name in SAID if values.get(name))
            self._dropship_note(self.env._("Fapiao as told: %(told)s. Not taken: %(why)s", told=told_text, why=error))

    def _dropship_fapiao_form(self):
        """What the customer's form shows: {shown, kind, open, state, title, titles, issued}."""
        self.ensure_one()
        order_sudo = self.sudo()  # the page of his own order
        if not order_sudo.company_id._dropship_uses_fapiao():
            return {"shown": False}
        titles = self.env["dropship.fapiao.title"].sudo()
        if not order_sudo._dropship_fapiao_nobody():
            titles = titles._known_for(order_sudo.partner_id, order_sudo.company_id)
        title = order_sudo.dropship_fapiao_title_id
        documents = order_sudo.invoice_ids.dropship_fapiao_ids.filtered(
            lambda row: row.state in ("issued", "red_issued")
        )
        return {
            "shown": True,
            "kind": order_sudo.dropship_fapiao_kind or "none",
            "open": order_sudo._dropship_fapiao_open() and order_sudo.state != "cancel",
            "state": order_sudo.dropship_fapiao_state,
            "title": {name: title[name] or "" for name in SAID} | {"who": title.who or "company"},
            "titles": [{"id": row.id, "who": row.who, **{name: row[name] or "" for name in SAID}} for row in titles],
            "issued": documents,
        }

    def _dropship_fapiao_nobody(self):
        """Whether nobody knows yet who it is: the titles of all who never gave a name are nobody's to see."""
        self.ensure_one()
        return not self.partner_id or self.partner_id in self.env["website"].sudo().search([]).user_id.partner_id
