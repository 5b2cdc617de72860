from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.remedy import fresh, key_of, same
from odoo.exceptions import UserError

from .locked import locked
from .words import ACCEPTANCE, KINDS, ORIGINS, RECEPTION, STAGE, VERDICTS


class DropshipReturn(models.Model):
    """A case: what a customer asks for some sold pieces, what was agreed, and where the goods are.

    Whether something was agreed (`acceptance`) and where the goods are (`reception`) are two questions. Both, and all
    that is due, are folded from the events of the case (`casework`) and stored to be searched; nobody writes them.
    """

    _name = "dropship.return"
    _description = "Return Case"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_at, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index="trigram")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    website_id = fields.Many2one("website", readonly=True)
    kind = fields.Selection(KINDS, required=True, default="return", tracking=True)
    origin = fields.Selection(ORIGINS, required=True, default="agent", readonly=True)
    withdrawal = fields.Boolean(
        string="Withdrawal by Law", readonly=True, help="The customer withdrew from the contract: nobody refuses that."
    )
    user_id = fields.Many2one(
        "res.users", string="Service Agent", tracking=True, domain="[('share', '=', False)]", index="btree_not_null"
    )
    opened_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    note = fields.Text(string="Customer's Words", readonly=True)
    needs_approval = fields.Boolean(
        string="Supplier Is Asked First", readonly=True, help="Nothing is sent to the supplier before he agrees."
    )
    line_ids = fields.One2many("dropship.return.line", "return_id", string="Lines")
    order_ids = fields.Many2many("sale.order", compute="_compute_orders", search="_search_orders", string="Orders")
    supplier_ids = fields.Many2many("dropship.supplier", compute="_compute_orders", string="Suppliers")
    event_ids = fields.One2many("dropship.return.event", "return_id", string="History")
    resolution_ids = fields.One2many("dropship.resolution", "return_id", string="Resolutions")
    verdict = fields.Selection(VERDICTS, readonly=True)
    # What the events make of it; see `life.py`.
    state = fields.Selection([("open", "Open"), ("closed", "Closed")], default="open", readonly=True, index=True)
    acceptance = fields.Selection(ACCEPTANCE, default="asked", readonly=True, tracking=True)
    reception = fields.Selection(RECEPTION, default="none", readonly=True, tracking=True)
    stage = fields.Selection(STAGE, default="asked", readonly=True, index=True)
    approval = fields.Selection(
        [("waiting", "Supplier Asked"), ("given", "Supplier Agrees"), ("refused", "Supplier Says No")],
        string="Supplier's Approval",
        readonly=True,
    )
    destination = fields.Selection([("supplier", "Supplier"), ("us", "Us")], string="Goods Go To", readonly=True)
    offer_id = fields.Many2one("dropship.return.event", string="Open Offer", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    reopened_at = fields.Datetime(readonly=True)
    score = fields.Integer(string="Satisfaction", readonly=True)
    flags = fields.Json(readonly=True, help="[[code, when, {figure: value}], …]")
    person_since = fields.Datetime(string="Needs a Person Since", readonly=True)
    due_what = fields.Char(string="What Is Due", readonly=True)
    due_by = fields.Selection(
        [("customer", "Customer"), ("us", "Us"), ("supplier", "Supplier")], string="Whose Turn", readonly=True
    )
    due_at = fields.Datetime(string="Due", readonly=True, index=True)
    due_level = fields.Integer(string="Escalations", readonly=True)
    wake_at = fields.Datetime(readonly=True, help="When the case is looked at again by itself.")
    # The page of a customer who has no account.
    token = fields.Char(readonly=True, copy=False, groups="dropship_flow.group_dropship_user")
    token_key = fields.Char(readonly=True, copy=False, groups="dropship_flow.group_dropship_user")
    key = fields.Char(readonly=True, copy=False, help="The number of the request it came with.")

    _token_once = models.UniqueIndex("(token_key)", "This link exists already.")
    _key_once = models.UniqueIndex("(company_id, key) WHERE key IS NOT NULL", "This request is known already.")
    _to_wake = models.Index("(wake_at) WHERE wake_at IS NOT NULL")
    _board = models.Index("(company_id, stage, due_at, id) WHERE state = 'open'")

    @api.depends("line_ids.order_id", "line_ids.supplier_id")
    def _compute_orders(self):
        for case in self.sudo():  # whoever reads the case knows its orders, and suppliers by name
            case.order_ids = case.line_ids.order_id
            case.supplier_ids = case.line_ids.supplier_id

    def _search_orders(self, operator, value):
        return [("line_ids.order_id", operator, value)]

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def _open(self, orders, lines, by, origin="agent", **more):
        """Open a case. Everybody comes in by this door: portal, guest link, agent, API, parcels.

        :param orders: the sale orders the lines are of, one customer, one company, one currency
        :param list lines: [{"order_line": sale.order.line, "qty", "reason": dropship.return.reason,
            "wanted": outcome or "", "note": "", "photos": ir.attachment, "evidence": "photo,label"}, …]
        :param str by: customer, guest, agent, system
        :param more: `note`, `kind`, `withdrawal`, `key` (of the request: the same one twice opens one case), `user_id`
        :return: the case, judged; where the verdict is clear it is accepted or refused already
        :raises UserError: what was asked cannot be asked, in words for whoever asks
        """
        self._check_request(orders, lines)
        key = more.get("key")
        orders = orders.sorted("id")
        locked(orders, [])  # two requests for one piece: the second reads what the first asked
        if key and (known := self.search([("key", "=", key), ("company_id", "=", orders.company_id.id)])):
            return known
        self._check_quantities(lines)
        token = fresh()
        with self.env["dropship.allocation"]._first_come():
            case = self.create(
                {
                    "name": self._next_number(orders.company_id),
                    "partner_id": orders.partner_id.id,
                    "company_id": orders.company_id.id,
                    "currency_id": orders.currency_id.id,
                    "website_id": orders[:1].website_id.id,
                    "origin": origin,
                    "kind": more.get("kind") or lines[0]["reason"].kind,
                    "withdrawal": more.get("withdrawal", False),
                    "note": more.get("note"),
                    "key": key,
                    "user_id": more.get("user_id"),
                    "token": token,
                    "token_key": key_of(token),
                    "line_ids": [Command.create(self._line_vals(line)) for line in lines],
                }
            )
        case._judge()
        case._refold()
        case._after_opening(by)
        return case

    @api.model
    def _next_number(self, company):
        return self.env["ir.sequence"].with_company(company).sudo().next_by_code("dropship.return")

    @api.model
    def _line_vals(self, line):
        return {
            "order_line_id": line["order_line"].id,
            "qty": line["qty"],
            "reason_id": line["reason"].id,
            "wanted": line.get("wanted") or False,
            "note": line.get("note"),
            "photo_ids": [Command.set(line["photos"].ids)] if line.get("photos") else [],
            "evidence": line.get("evidence"),
        }

    @api.model
    def _check_request(self, orders, lines):
        """What no request may be, whatever the policy."""
        if not lines:
            raise UserError(self.env._("Choose what it is about."))
        asked = self.env["sale.order.line"].union(*(line["order_line"] for line in lines)).order_id
        if not asked or asked - orders or asked.filtered(lambda order: order.state != "sale"):
            raise UserError(self.env._("Only confirmed orders of the customer can be chosen."))
        if len(orders.partner_id.commercial_partner_id) > 1 or len(orders.company_id) > 1:
            raise UserError(self.env._("These orders are of different customers. Open a case for each."))
        if len(orders.currency_id) > 1:
            raise UserError(self.env._("These orders are in different currencies. Open a case for each currency."))
        if any(not 0 < line["qty"] < 1e9 for line in lines):
            raise UserError(self.env._("Say how many pieces it is about."))

    @api.model
    def _check_quantities(self, lines):
        """No piece is asked for twice: not more than were bought, without those in other open cases."""
        asked = {}
        for line in lines:
            asked[line["order_line"]] = asked.get(line["order_line"], 0.0) + line["qty"]
        sold = self.env["sale.order.line"].union(*asked)
        in_cases = sold._dropship_in_cases()
        for order_line, qty in asked.items():
            left = order_line.product_uom_qty - in_cases[order_line]
            if order_line.product_uom_id.compare(qty, left) > 0:
                raise UserError(
                    self.env._(
                        "There are only %(left)g of %(product)s left to ask for: the others are in a case already, "
                        "or were not bought.",
                        left=max(left, 0.0),
                        product=order_line.product_id.display_name,
                    )
                )

    def _judge(self):
        """Ask policy and law what may be had, and keep the answer on case and lines. The policy part fills it."""
        self.verdict = "look"

    def _after_opening(self, by):
        """Hook: the case is judged. What is clear is decided here, who has to hear of it hears of it."""

    @api.model
    def _by_token(self, token):
        """The case a guest's link opens; an empty one for every link that is not ours. Runs as the system."""
        key = key_of(token)
        case = self.search([("token_key", "=", key)]) if key else self.browse()
        return case if case and same(case.token, token) else self.browse()

    def unlink(self):
        """Override: with a case goes its history."""
        return super(DropshipReturn, self.with_context(dropship_case_ends=True)).unlink()
