from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_time

from ..remedy import OPTIONS, default_of, fresh, key_of, same
from .customer_order import kept
from .reason_text import FLOW_REASONS, _lt

ANSWERS = [
    ("wait", "Wait"),
    ("substitute", "Take a substitute"),
    ("refund", "Refund"),
    ("cancel", "Cancel the order"),
    ("nothing", "A person decides"),
]
FLOW_REASONS.update(
    {
        "customer_asked_wait": _lt("The customer was asked and has until %(answer_by)s to answer; then we wait."),
        "customer_asked_refund": _lt(
            "The customer was asked and has until %(answer_by)s to answer; then the money of the line goes back."
        ),
        "customer_asked_cancel": _lt(
            "The customer was asked and has until %(answer_by)s to answer; then the order is cancelled."
        ),
        "customer_asked_nothing": _lt(
            "The customer was asked and has until %(answer_by)s to answer; then a person decides."
        ),
        "customer_waits": _lt("The customer waits until %(wait_until)s; what somebody can deliver is bought at once."),
    }
)

class DropshipCustomerQuestion(models.Model):
    """Nobody can deliver: the customer chooses on one link. One open question per order; more lines join it."""

    _name = "dropship.customer.question"
    _description = "Question to the Customer"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {
            ("open", "answered"),
            ("open", "defaulted"),
            ("open", "closed"),
            # Who waits is told when the goods are there.
            ("answered", "closed"),
            ("defaulted", "closed"),
        }
    )

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True, readonly=True)
    line_ids = fields.Many2many("sale.order.line", string="Lines Without a Source", readonly=True)
    goods = fields.Char(string="Missing Goods", compute="_compute_goods", compute_sudo=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id")
    policy_id = fields.Many2one("dropship.routing.policy", ondelete="set null", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered"), ("defaulted", "No answer"), ("closed", "Closed")],
        default="open",
        required=True,
        index=True,
        readonly=True,
        copy=False,
    )
    token = fields.Char(readonly=True, copy=False, groups="dropship_flow.group_dropship_user")
    token_key = fields.Char(readonly=True, copy=False, index=True, groups="dropship_flow.group_dropship_user")
    link = fields.Char(compute="_compute_link", compute_sudo=True, groups="dropship_flow.group_dropship_user")
    round = fields.Integer(default=1, readonly=True, help="2: asked again after waiting.")
    asked_at = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    deadline = fields.Datetime(required=True, index=True, readonly=True)
    remind_at = fields.Datetime(readonly=True)
    default_answer = fields.Selection(ANSWERS, string="Without an Answer", required=True, readonly=True)
    options = fields.Json(readonly=True, help="What was offered: {option: figures and dates}.")
    answer = fields.Selection(ANSWERS, readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", string="Answered by", readonly=True, copy=False)
    wait_until = fields.Date(readonly=True, copy=False)
    substitute_ids = fields.Many2many("product.product", string="Substitutes", readonly=True, copy=False)
    ending = fields.Selection(
        [
            ("sourced", "A source was found"),
            ("cancelled", "Order cancelled"),
            ("again", "Asked again"),
            ("withdrawn", "Withdrawn"),
        ],
        readonly=True,
        copy=False,
    )
    refund_ids = fields.One2many("dropship.customer.refund", "question_id", string="Money Back", readonly=True)
    error = fields.Char(readonly=True, copy=False, help="Why the default could not be carried out.")

    _open_once = models.UniqueIndex("(order_id) WHERE state = 'open'", "The customer is being asked already.")
    _token_once = models.UniqueIndex("(token)", "This link exists already.")

    @api.depends("order_id.name", "state")
    def _compute_display_name(self):
        states = self._state_labels()
        for question in self:
            question.display_name = f"{question.order_id.name}: {states.get(question.state, question.state)}"

    @api.depends("line_ids.product_id", "options")
    @api.depends_context("lang")
    def _compute_goods(self):
        for question in self:
            missing = (question.options or {}).get("missing", {})
            question.goods = ", ".join(
                f"{missing.get(str(line.id), line.product_uom_qty):g} × {line.product_id.display_name}"
                for line in question.line_ids
            )

    @api.depends("token")
    def _compute_link(self):
        for question in self:
            path = f"/shop/question/{question.token}"
            website = question.order_id.website_id or question.company_id.website_id
            lang = self.env["res.lang"]._get_data(code=question.partner_id.lang)
            if lang.code in website.language_ids.mapped("code") and lang.code != website.default_lang_id.code:
                path = f"/{lang.url_code}{path}"
            question.link = f"{question.order_id.get_base_url()}{path}"

    def _is_waiting(self):
        """Whether the customer agreed to wait, or is taken to."""
        self.ensure_one()
        return self.state in ("answered", "defaulted") and self.answer == "wait"

    @api.model
    def _check_desk(self):
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Asking customers needs the right Dropshipping / User."))

    # --- asking ---

    @api.model
    def _ask(self, order, missing, policy, round_number=1):
        """Open the question of an order, or let more lines join the open one, and mail the link.

        :param dict missing: {sale.order.line: quantity}
        """
        question = self.search([("order_id", "=", order.id), ("state", "=", "open")])
        lines = self.env["sale.order.line"].union(*missing)
        if question and lines <= question.line_ids:
            question.options = question._facts(missing)
            return question
        now = fields.Datetime.now()
        deadline = now + timedelta(hours=policy.ask_hours)
        vals = {
            "line_ids": [fields.Command.set(lines.ids)],
            "deadline": deadline,
            "remind_at": now + (deadline - now) / 2,
            "policy_id": policy.id,
        }
        if question:
            question.write(vals)
        else:
            self.search([("order_id", "=", order.id)])._end("again", silent=True)
            token = fresh()
            vals |= {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "default_answer": policy.ask_default,
                "token": token,
                "token_key": key_of(token),
                "round": round_number,
            }
            with self._first_come():
                question = self.create(vals)
        question.options = question._facts(missing)
        question._set_default()
        question._tell_hold()
        question._mail("asked")
        return question

    def _set_default(self):
        """Say what counts without an answer, among what is possible now."""
        self.ensure_one()
        self.default_answer = default_of(self.policy_id.ask_default or "nothing", set(self.options) & set(OPTIONS))

    def _facts(self, missing):
        """What can be offered now, as plain figures: {option: {…}}. The customer is shown these and no others.

        :param dict missing: {sale.order.line: quantity}
        """
        self.ensure_one()
        order, wanted = self.order_id, self.policy_id._offers() if self.policy_id else set(OPTIONS)
        stays = {line: kept(line, qty) for line, qty in missing.items()}
        lines = {str(line.id): qty for line, qty in missing.items()}
        facts = {"missing": lines}
        if "wait" in wanted and self.round == 1:
            until = fields.Date.to_date(self.asked_at) + timedelta(days=self.policy_id.ask_wait_days or 14)
            facts["wait"] = {"until": fields.Date.to_string(until)}
        if "substitute" in wanted:
            offers = {str(line.id): self._substitute_facts(line, qty) for line, qty in missing.items()}
            if any(offers.values()):
                facts["substitute"] = {"lines": {key: found for key, found in offers.items() if found}}
        others = order._dropship_goods().filtered(lambda line: stays.get(line, line.product_uom_qty) > 0)
        if "refund" in wanted and others:
            facts["refund"] = self._refund_facts(stays)
        if "cancel" in wanted and order._dropship_can_stop():
            paid, _authorised, returned = order._dropship_paid()
            back = order.currency_id.round(max(paid - returned, 0.0))
            facts["cancel"] = {"amount": back, "less": order.currency_id.round(order.amount_total)}
        return facts

    def _substitute_facts(self, line, qty):
        """The substitutes of a line, each with what goes back when it is chosen."""
        found = line._dropship_substitutes(qty)
        for offer in found:
            offer["back"] = self._refund_facts({line: kept(line, qty)}, {line: offer["total"]})["amount"]
        return found

    def _refund_facts(self, stays, cheaper=None):
        """What goes back line by line when the quantities become these.

        :return: {"amount": money back, "less": what the order becomes cheaper, "lines": {line id: money back}}
        """
        order, currency = self.order_id, self.currency_id
        paid, _authorised, given = order._dropship_paid()
        before, quantities, replaced, back = order.amount_total, {}, {}, {}
        for line, qty in stays.items():
            quantities[line] = qty
            if line in (cheaper or {}):
                replaced[line] = cheaper[line]
            total, _factor = order._dropship_total_with(quantities, replaced)
            less = currency.round(before - total)
            amount = currency.round(max(min(less, paid - given - total), 0.0))
            back[str(line.id)] = amount
            given += amount
            before = total
        return {
            "amount": currency.round(sum(back.values())),
            "less": currency.round(order.amount_total - before),
            "lines": back,
        }

    # --- ending ---

    def _end(self, ending, silent=False):
        """Questions that need no answer any more: open ones, and those whose customer waits."""
        ending_now = self.filtered(lambda question: question.state == "open" or question._is_waiting())
        for question in ending_now:
            question._set_state("closed", ending=ending)
            question._tell_hold()
            if not silent:
                question._note_ending()
                question._mail("outcome")

    def _note_ending(self):
        texts = {
            "sourced": self.env._("A source was found: the question to the customer is closed."),
            "cancelled": self.env._("The order is cancelled: the question to the customer is closed."),
        }
        if self.ending in texts:
            self.order_id._dropship_note(texts[self.ending])

    def action_withdraw(self):
        """Take the question back: the order waits for a person again."""
        self._check_desk()
        self.check_access("read")
        self.sudo().filtered(lambda question: question.state == "open")._end("withdrawn", silent=True)
        return True

    def action_open_page(self):
        """The page the customer sees; whoever speaks with him on the phone answers there for him."""
        self.ensure_one()
        self._check_desk()
        return {"type": "ir.actions.act_url", "url": self.link, "target": "new"}

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    # --- telling ---

    @api.model
    def _waiting_reason(self, order):
        """The hold's first sentence while the customer is asked or waits: [[code, figures]]; empty otherwise."""
        questions = self.search([("order_id", "=", order.id), ("state", "!=", "closed")])
        for question in questions:
            if question.state == "open":
                deadline = fields.Datetime.to_string(question.deadline)
                return [[f"customer_asked_{question.default_answer}", {"answer_by": deadline}]]
            if question._is_waiting():
                return [["customer_waits", {"wait_until": fields.Date.to_string(question.wait_until)}]]
        return []

    def _tell_hold(self):
        """Keep the waiting sentence of the order's hold up to date."""
        for question in self:
            order = question.order_id
            for hold in order.dropship_hold_ids._no_source():
                rest = [reason for reason in hold.reasons or [] if not reason[0].startswith("customer_")]
                hold.reasons = self._waiting_reason(order) + rest

    def _mail(self, kind):
        """Queue a mail to the customer in his language; without an address somebody is told instead.

        :param kind: asked, reminder or outcome
        """
        self.ensure_one()
        if not self.partner_id.email_normalized:
            self.order_id._dropship_note(
                self.env._("The customer has no valid e-mail address. Send him the link yourself: %s", self.link)
            )
            return
        template = self.env.ref(f"dropship_flow.mail_question_{kind}")
        template.sudo().send_mail(self.id, force_send=False, email_layout_xmlid="mail.mail_notification_light")

    # --- words ---

    def outcome_text(self):
        """What was decided, for the customer, in the language of the environment. No word of where goods come from."""
        self.ensure_one()
        if self.state == "closed":
            return {
                "sourced": self.env._("Good news: it is available again, and your order is on its way to you."),
                "cancelled": self.env._("Your order has been cancelled."),
                "again": self.env._("We have written to you again: please use the link in our latest mail."),
            }.get(self.ending, self.env._("There is nothing left for you to decide. We take care of your order."))
        if self.answer == "wait":
            day = self._day_text(self.wait_until)
            return self.env._("We wait until %s and send your order as soon as the goods are there.", day)
        if self.answer == "substitute":
            return self.env._("You get the substitute you chose: %s.", self._names(self.substitute_ids))
        if self.answer == "refund":
            names = self._names(self.line_ids.product_id)
            return self.env._("These items were taken off your order, the rest comes as planned: %s.", names)
        if self.answer == "cancel":
            return self.env._("Your order has been cancelled.")
        return self.env._("We have not heard from you, so we look for the best way ourselves and write to you.")

    def money_text(self):
        """What goes back, when and how, for the customer; empty when no money does."""
        self.ensure_one()
        amount = sum(self.refund_ids.mapped("amount"))
        if not amount or self.answer not in ("refund", "cancel", "substitute"):
            return ""
        return self.env._("You get %s back within 3–5 days, the way you paid.", self.currency_id.format(amount))

    def deadline_text(self):
        """Until when an answer counts, in the language and time zone of the customer."""
        self.ensure_one()
        zone = self.partner_id.tz or self.company_id.partner_id.tz
        time = format_time(self.env, self.deadline, tz=zone or "UTC", time_format="short")
        day = fields.Datetime.context_timestamp(self.with_context(tz=zone or "UTC"), self.deadline).date()
        return f"{self._day_text(day)}, {time}" + ("" if zone else " UTC")

    def _day_text(self, day):
        return format_date(self.env, day, date_format="long")

    def default_text(self):
        """What happens without an answer, for the customer."""
        self.ensure_one()
        day = (self.options or {}).get("wait", {}).get("until")
        return {
            "wait": self.env._("If we do not hear from you, we wait until %s.", self._day_text(day or "")),
            "refund": self.env._("If we do not hear from you, you get your money for these items back."),
            "cancel": self.env._("If we do not hear from you, we cancel the order and you get your money back."),
        }.get(self.default_answer, self.env._("If we do not hear from you, we write to you again."))

    def _names(self, products):
        return ", ".join(product.display_name for product in products.with_context(display_default_code=False))

    # --- links ---

    @api.model
    def _by_token(self, text):
        """The question a link opens; an empty one for every link that is not ours."""
        key = key_of(text)
        found = self.search([("token_key", "=", key)]) if key else self
        return next((question for question in found if same(question.token, text)), self.browse())
