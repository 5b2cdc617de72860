"""Withdrawing from the contract: it counts because it was stated. Nobody judges it, nothing of it is lost."""

import logging

from odoo import api, fields, models
from odoo.addons.dropship_flow.remedy import key_of
from odoo.exceptions import UserError

from ...casework import Offer
from ..case.locked import BUSY

_logger = logging.getLogger(__name__)
LONGEST = 2000


class DropshipReturnWithdrawal(models.Model):
    """What a customer stated, when, and what became of it."""

    _name = "dropship.return.withdrawal"
    _description = "Withdrawal from a Contract"
    _inherit = ["mail.thread", "mail.activity.mixin", "dropship.state.mixin"]
    _order = "at desc, id desc"

    _transitions = frozenset({("stated", "done"), ("stated", "person"), ("person", "done")})

    name = fields.Char(required=True, readonly=True)
    reference = fields.Char(string="Order as Written", required=True, readonly=True)
    email = fields.Char(string="E-mail", required=True, readonly=True)
    text = fields.Text(string="What They Wrote", readonly=True)
    at = fields.Datetime(string="Stated On", required=True, readonly=True, default=fields.Datetime.now)
    lang = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    website_id = fields.Many2one("website", readonly=True)
    order_id = fields.Many2one("sale.order", index="btree_not_null", tracking=True, check_company=True)
    line_ids = fields.Many2many("sale.order.line", string="Lines Withdrawn From", help="None: the whole order.")
    case_ids = fields.Many2many("dropship.return", string="Cases", readonly=True)
    by = fields.Selection([("customer", "Customer"), ("guest", "Customer by Link")], default="guest", readonly=True)
    state = fields.Selection(
        [("stated", "Stated"), ("done", "Recorded on the Order"), ("person", "Needs a Person")],
        default="stated",
        required=True,
        index=True,
        readonly=True,
    )
    error = fields.Char(string="Why a Person", readonly=True)
    key = fields.Char(readonly=True, copy=False)

    _key_once = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This statement was recorded already.")

    # ------------------------------------------------------------------
    # Stating
    # ------------------------------------------------------------------

    @api.model
    def _state_it(self, key, vals, order, lines):
        """Record a statement, mail its receipt, and carry it to the order. Runs as the system. Repeats give the first.

        :param str key: of the form
        :param dict vals: name, reference, email, text, company_id, website_id, by
        :param order: the order the facts lead to; an empty one: a person looks for it
        :param lines: those it is about; none: all
        """
        if not key_of(key):
            key = None
        if key and (known := self.search([("key", "=", key)])):
            return known
        with self.env["dropship.allocation"]._first_come():
            statement = self.create(
                {
                    **vals,
                    "key": key,
                    "text": (vals.get("text") or "")[:LONGEST],
                    "lang": self.env.lang,
                    "order_id": order.id,
                    "line_ids": [fields.Command.set(lines.ids)],
                }
            )
        statement._mail_receipt()
        statement._carry_out()
        return statement

    def _carry_out(self):
        """Record it on the order; what stands in the way is a person's, and the statement stays made."""
        self.ensure_one()
        if not self.order_id:
            return self._needs_person(self.env._("No order was found for this number and e-mail."))
        try:
            with self.env.cr.savepoint():
                cases = self._withdraw()
        except BUSY:  # tried again as a whole
            raise
        except Exception as error:  # whatever stands in the way: the statement was made
            if not isinstance(error, UserError):
                _logger.exception("Withdrawal %s is not recorded on its order", self.id)
            return self._needs_person(str(error) or type(error).__name__)
        if not cases:
            return self._needs_person(self.env._("Nothing of the order is left to withdraw from."))
        self.case_ids = cases
        self._set_state("done", error=False)
        for case in cases:
            case._message_log(
                body=self.env._("The customer withdrew from the contract on %s.", self._when(case)),
            )
        return cases

    def _needs_person(self, why):
        self._set_state("person")
        self.error = why
        self.activity_schedule("mail.mail_activity_data_todo", summary=why, user_id=False)
        return self.case_ids

    def _withdraw(self):
        """The cases in which it is recorded: those its pieces are in already, and a new one for the others."""
        lines = self.line_ids or self.order_id._dropship_ask_lines()
        open_rows = lines.dropship_return_line_ids.filtered(lambda row: row.return_id.state == "open")
        cases = open_rows.return_id
        for case in cases:
            rows = open_rows.filtered(lambda row, case=case: row.return_id == case)
            self._record_on(case, rows)
        pieces = lines._dropship_pieces()
        left = [(line, pieces[line].left) for line in lines if pieces[line].left > 0]
        if left:
            cases |= self._open_case(left)
        return cases

    def _open_case(self, left):
        reason = self.env.ref("dropship_flow_aftersales.reason_withdrawal")
        case = self.env["dropship.return"]._open(
            self.order_id,
            [{"order_line": line, "qty": qty, "reason": reason} for line, qty in left],
            self.by,
            origin="guest" if self.by == "guest" else "portal",
            note=self.text,
            withdrawal=True,
            key=f"withdrawal {self.id}",
        )
        self._record_on(case, case.line_ids)
        return case

    def _record_on(self, case, rows):
        """The right is the customer's: it counts without the policy, for what has left and for what has not."""
        free = case._withdrawable()
        rows = rows.filtered(lambda row: free.get(row.id))
        waiting = rows.filtered(lambda row: not row.order_line_id.qty_delivered)
        for kind, some in (("return", rows - waiting), ("cancel", waiting)):
            if some:
                lines = tuple((row.id, free[row.id]) for row in some)
                case._record("withdraw", self.by, offer=case._withdrawal_offer(kind, lines))

    # ------------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------------

    def _mail_receipt(self):
        """The confirmation the law asks for: what was stated, on which day, at what time."""
        template_sudo = self.env.ref("dropship_flow_aftersales.mail_withdrawal_receipt").sudo()
        template_sudo.send_mail(self.id, force_send=False, email_layout_xmlid="mail.mail_notification_light")

    def _when(self, case=None):
        """Date and time it was made, with its zone."""
        order = (case.line_ids.order_id if case else self.order_id)[:1]
        zone = order._dropship_track_zone() if order else self.company_id.partner_id.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), self.at)
        return f"{local:%Y-%m-%d %H:%M:%S} ({zone.replace('_', ' ')})"

    def _items(self):
        """What it is about, one text per line; none: the whole order."""
        return [
            line.product_id.with_context(display_default_code=False, lang=self.lang).display_name
            for line in self.line_ids
        ]

    def _sender(self):
        return self.company_id.sudo().email_formatted or self.env.user.email_formatted

    # ------------------------------------------------------------------
    # Desk
    # ------------------------------------------------------------------

    def action_carry_out(self):
        """Record it on the order a person has found."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "person":
            return True
        if not self.order_id:
            raise UserError(self.env._("Choose the order first."))
        self.sudo()._carry_out()  # a case is opened by the system only
        return True

    def action_settle(self):
        """A person has dealt with it elsewhere."""
        self.check_access("write")
        self._set_state("done")
        return True


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    withdrawal_ids = fields.Many2many("dropship.return.withdrawal", string="Statements of Withdrawal", readonly=True)

    def _withdrawable(self):
        """{id of a line: quantity} nobody has withdrawn from yet."""
        free = {line.id: line._decimal() for line in self.line_ids}
        for bound in self._fold().bound:
            if bound.how == "law":
                for line, qty in bound.offer.lines:
                    free[line] -= qty
        return {line: qty for line, qty in free.items() if qty > 0}

    def _withdrawal_offer(self, kind, lines):
        """What the law gives: the money back once the goods were sent, or at once where they never left."""
        if kind == "cancel":
            return Offer("cancel", lines)
        place = self._offer_from("return").to
        return Offer("return", lines, to=place or "us", after="sent")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_may_withdraw(self):
        """Whether the law of withdrawing holds: consumers in the European Union."""
        self.ensure_one()
        order_sudo = self.sudo()  # asked for a page that is shown to its customer
        country = (order_sudo.partner_shipping_id or order_sudo.partner_id).country_id
        union = self.env.ref("base.europe", raise_if_not_found=False)
        customer = order_sudo.partner_id.commercial_partner_id
        business = customer.is_company or customer.vat
        return self.state == "sale" and bool(union) and country in union.sudo().country_ids and not business


class Website(models.Model):
    _inherit = "website"

    def _dropship_shows_withdrawal(self, visitor=""):
        """Whether the footer leads to the page of withdrawing: a shop in the Union, or a visitor from there.

        :param str visitor: code of the country he comes from
        """
        union = self.env.ref("base.europe", raise_if_not_found=False)
        codes = set(union.sudo().country_ids.mapped("code")) if union else set()
        return bool(codes & {self.company_id.sudo().country_id.code, visitor})
