import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..connectors.inquiry import clean, same
from .supplierinfo import BUYABLE_STATES

WAIT_HOURS = 4


class DropshipInquiry(models.Model):
    """Suppliers are asked what they have, at which price, and when (询货); what they say refreshes their offers."""

    _name = "dropship.inquiry"
    _description = "Inquiry to Suppliers"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset({("asked", "done"), ("asked", "expired"), ("asked", "cancelled"), ("expired", "done")})

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Asked By", readonly=True, default=lambda self: self.env.user)
    automatic = fields.Boolean(readonly=True, help="Asked by the routing policy, not by a person.")
    country_id = fields.Many2one("res.country", string="Destination", readonly=True)
    zip_region = fields.Char(string="ZIP Region", readonly=True, help="Its first two characters; nothing else is told.")
    deadline = fields.Datetime(
        string="Answers Until", readonly=True, help="Then the order goes on with what is known by then."
    )
    state = fields.Selection(
        [("asked", "Waiting"), ("done", "Answered"), ("expired", "Time is up"), ("cancelled", "Cancelled")],
        default="asked",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    line_ids = fields.One2many("dropship.inquiry.line", "inquiry_id", string="Questions")
    exchange_ids = fields.One2many("dropship.exchange", "inquiry_id", string="Exchanged Messages")
    asked_count = fields.Integer(string="Questions Asked", compute="_compute_counts")
    answered_count = fields.Integer(string="Answers", compute="_compute_counts")

    _name_uniq = models.UniqueIndex("(name)", "This inquiry number is taken.")
    _due = models.Index("(deadline) WHERE state = 'asked'")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for inquiry in self:
            inquiry.asked_count = len(inquiry.line_ids)
            inquiry.answered_count = len(inquiry.line_ids.filtered(lambda line: line.state == "answered"))

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _offers_to_ask(self, company, products, country=None, suppliers=None):
        """The offers whose suppliers can be asked: in use, and shipping to the country."""
        domain = (
            Domain("product_id", "in", products.ids)
            & self.env["dropship.offer"]._company_domain(company)
            & Domain("warehouse_id.active", "=", True)
            & Domain("supplier_id.active", "=", True)
            & Domain("supplier_id.state", "in", BUYABLE_STATES)
            & Domain("supplier_id.blocked", "=", False)
        )
        if suppliers:
            domain &= Domain("supplier_id", "in", suppliers.ids)
        offers = self.env["dropship.offer"].search(domain)
        return offers.filtered(lambda offer: not country or country not in offer.supplier_id.blocked_country_ids)

    @api.model
    def _ask(self, company, wanted, order=None, country=None, zip_code="", hours=0, offers=None, automatic=False):
        """Ask all sources of products, each supplier in one message.

        :param dict wanted: {product: quantity in its reference unit}
        :param offers: only these; None: all that can be asked
        :return: the inquiry; none when nobody offers any of it
        """
        if offers is None:
            products = self.env["product.product"].union(*wanted)
            offers = self._offers_to_ask(company, products, country)
        if not offers:
            return self.browse()
        inquiry = self.create(
            {
                "name": self.env["ir.sequence"].next_by_code("dropship.inquiry") or "/",
                "order_id": order.id if order else False,
                "company_id": company.id,
                "country_id": country.id if country else False,
                "zip_region": "".join((zip_code or "").split())[:2],
                "deadline": fields.Datetime.now() + timedelta(hours=hours or WAIT_HOURS),
                "automatic": automatic,
                "line_ids": [
                    Command.create({"offer_id": offer.id, "quantity": offer._units_of(wanted[offer.product_id])})
                    for offer in offers
                ],
            }
        )
        inquiry._send_questions()
        return inquiry

    def _send_questions(self):
        """One message per supplier that has a connection; the others are asked by a person."""
        self.ensure_one()
        for supplier, lines in self.line_ids.grouped("supplier_id").items():
            if not supplier.connection_id:
                continue
            quantities = {}
            for line in lines:  # the same SKU in two warehouses is one question
                quantities[line.sku] = max(quantities.get(line.sku, 0.0), line.quantity)
            content = {
                "ref": self.name,
                "lines": [{"sku": sku, "qty": quantity} for sku, quantity in quantities.items()],
                "ship_to": {"country": self.country_id.code or "", "zip": self.zip_region or ""},
            }
            self.env["dropship.exchange"]._put_out(
                supplier,
                self.company_id,
                "ask",
                ["inquiry", self.id, supplier.id],
                content=content,
                inquiry_id=self.id,
            )

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _dropship_take_inquiry(self, supplier, answers, way="", message=None):
        """Take what a supplier says, by whatever way: it is kept beside the question and refreshes his offers.

        :param list answers: see `connectors.inquiry`; a SKU that was not asked for is refused
        :param str way: desk, api, email, hand
        :raise UserError: the answer cannot be taken; nothing of it is written then
        """
        self.ensure_one()
        try:
            answers = clean(answers)
        except ValueError as error:
            raise UserError(self.env._("The answer to %(name)s: %(error)s", name=self.name, error=error)) from error
        if self.state == "cancelled":
            raise UserError(self.env._("%s is closed already. Thank you anyway.", self.name))
        lines = self.line_ids.filtered(lambda line: line.supplier_id == supplier)
        pairs = []
        for answer in answers:
            asked = lines.filtered(lambda line, answer=answer: same(line.sku, answer["sku"]))
            if not asked:
                raise UserError(self.env._("%(sku)s was not asked for in %(name)s.", sku=answer["sku"], name=self.name))
            pairs += [(line, answer) for line in asked]
        for line, answer in pairs:
            line._take(answer, way, message)
        self._close_if_answered()

    def _close_if_answered(self):
        """Nobody is waited for any more: the order goes on."""
        for inquiry in self:
            if inquiry.state == "asked" and "waiting" not in inquiry.line_ids.mapped("state"):
                inquiry._end("done")
            elif inquiry.state != "asked" and inquiry.order_id:
                inquiry._go_on()  # late, but the order may still be waiting for a source

    def _end(self, state):
        """Close the question; the order it held goes on with what is known."""
        ended = self._set_state(state)
        ended._go_on()
        return ended

    def _go_on(self):
        orders = self.order_id
        still = self.search([("order_id", "in", orders.ids), ("state", "=", "asked")]).order_id
        free = orders - still
        holds = free.dropship_hold_ids.filtered(lambda hold: hold.kind == "asking" and hold.state == "open")
        holds._close("solved")
        free.filtered(lambda order: order.state == "sale").order_line._dropship_source()

    def action_close(self):
        """Enough is known: do not wait for the others."""
        self.check_access("write")
        self.sudo().filtered(lambda inquiry: inquiry.state == "asked")._end("cancelled")
        return True

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def _open(self):
        """Show it: one as a form, several as a list."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Inquiries"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        return {**action, "view_mode": "form", "res_id": self.id} if len(self) == 1 else action

    @api.model
    def _cron_expire(self, limit=200):
        """The clock ended: the orders go on with the answers that came."""
        domain = [("state", "=", "asked"), ("deadline", "<=", fields.Datetime.now())]
        for inquiry in self.search(domain, limit=limit, order="deadline, id"):
            inquiry.try_lock_for_update().filtered_domain(domain)._end("expired")
            self.env["ir.cron"]._commit_progress(1)


class DropshipInquiryLine(models.Model):
    """One question to one source, and what he said."""

    _name = "dropship.inquiry.line"
    _description = "Question to a Supplier"
    _order = "inquiry_id, product_id, state, price_company, id"

    inquiry_id = fields.Many2one("dropship.inquiry", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="inquiry_id.company_id", store=True, index=True)
    offer_id = fields.Many2one("dropship.offer", required=True, readonly=True, ondelete="cascade", index=True)
    supplier_id = fields.Many2one(related="offer_id.supplier_id", store=True, index=True)
    product_id = fields.Many2one(related="offer_id.product_id", store=True)
    sku = fields.Char(related="offer_id.sku")
    quantity = fields.Float(readonly=True, digits="Product Unit", help="In units of the supplier's code.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("answered", "Answered"), ("unreachable", "Not reached")],
        default="waiting",
        required=True,
        readonly=True,
    )
    stock = fields.Float(string="In Stock", digits="Product Unit", readonly=True)
    stock_said = fields.Boolean(readonly=True)
    price = fields.Float(min_display_digits="Product Price", readonly=True, help="Net, per unit of his code.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    price_company = fields.Float(
        string="Price per Piece", min_display_digits="Product Price", readonly=True, help="In the company's currency."
    )
    ship_date = fields.Date(string="Ships On", readonly=True)
    valid_until = fields.Date(string="Price Until", readonly=True)
    note = fields.Char(readonly=True)
    way = fields.Selection(
        [("api", "His system"), ("email", "E-mail"), ("desk", "His page"), ("hand", "By hand")],
        string="Came By",
        readonly=True,
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    exchange_id = fields.Many2one("dropship.exchange", string="Message", readonly=True, ondelete="set null")
    best = fields.Char(compute="_compute_best", help="Who has all of it cheapest, and who ships it first.")
    enough = fields.Boolean(compute="_compute_best")

    _offer_uniq = models.UniqueIndex("(inquiry_id, offer_id)", "This source was asked already.")

    @api.depends("state", "stock", "price_company", "ship_date", "inquiry_id.line_ids.state")
    def _compute_best(self):
        today = fields.Date.context_today(self)
        for line in self:
            rivals = line.inquiry_id.line_ids.filtered(
                lambda row, line=line: row.product_id == line.product_id and row._is_good()
            )
            line.enough = line._is_good()
            words = []
            priced = [row.price_company for row in rivals if row.price_company]
            if line.enough and priced and line.price_company == min(priced):
                words.append(self.env._("Best price"))
            if line.enough and (line.ship_date or today) == min(row.ship_date or today for row in rivals):
                words.append(self.env._("First to ship"))
            line.best = ", ".join(words) if len(rivals) > 1 else ""

    def _is_good(self):
        """Whether he has all of it, now or on a day he names."""
        enough = not self.stock_said or self.stock >= self.quantity or bool(self.ship_date)
        return self.state == "answered" and enough

    def _take(self, answer, way, message):
        """Write down what was said, and tell the offer."""
        self.ensure_one()
        offer = self.offer_id
        currency = offer._answer_currency(answer["currency"])
        price = answer["price"]
        company = self.inquiry_id.company_id
        today = fields.Date.context_today(self)
        per_piece = (price if price is not None else offer._net_price(company)) / (offer.factor or 1.0)
        said = currency if price is not None else offer.currency_id
        self.write(
            {
                "state": "answered",
                "stock": answer["stock"] or 0.0,
                "stock_said": answer["stock"] is not None,
                "price": price if price is not None else offer._net_price(company),
                "currency_id": said.id,
                "price_company": said._convert(per_piece, company.currency_id, company, today, round=False),
                "ship_date": answer["date"],
                "valid_until": answer["valid_until"],
                "note": answer["note"],
                "way": way or False,
                "answered_at": fields.Datetime.now(),
                "exchange_id": message.id if message else False,
            }
        )
        offer._refresh_from_answer(self, answer, currency)

    def action_enter(self):
        """Type in what the supplier said on the phone or in a chat."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What %s Said", self.supplier_id.name),
            "res_model": "dropship.inquiry.enter",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _units_of(self, quantity):
        """How many offered units hold a quantity of the product."""
        self.ensure_one()
        units = quantity / (self.factor or 1.0)
        return float(math.ceil(round(units, 6))) if self.factor and self.factor != 1.0 else round(units, 6)

    def _net_price(self, company=None):
        """The quoted base price as a company pays it, without tax it deducts."""
        self.ensure_one()
        times, divide = self._price_steps(company)
        return self.price * times / divide
