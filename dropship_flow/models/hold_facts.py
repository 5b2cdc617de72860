from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import html_to_inner_content

from ..address.complete import FATAL, problems
from ..address.keys import email_key, phone_key
from ..holding import Copy, OrderFacts, Payment
from ..holding.checks import fingerprint

# Which facts a kind of rule, or a sign of risk, asks for beside those of the order itself.
NEEDS = {
    "unpaid": {"payments"},
    "duplicate": {"copies"},
    "first_order": {"history"},
    "words": {"texts"},
    "message": {"messages"},
    "many_orders": {"history"},
    "failed_payments": {"payments"},
}
# What a channel told of the payment: state and method of an attempt to pay.
TOLD = {
    "paid": ("done", "channel"),
    "authorised": ("authorized", "channel"),
    "cash_on_delivery": ("pending", "cash_on_delivery"),
    "unpaid": ("draft", "channel"),
}
# How far back orders of a customer are looked at one by one, in days.
RECENT_DAYS = 30
# A word of a buyer is searched in this much of each text.
TEXT_LIMIT = 20000


class DropshipHoldRule(models.Model):
    _inherit = "dropship.hold.rule"

    @api.model
    def _facts_of(self, orders, channels, rules, company):
        """What the rules ask about orders of one company, each sort of fact read at once for all of them.

        :return: {sale.order: holding.OrderFacts}
        """
        facts = {order: self._own_facts(order, channels[order]) for order in orders}
        self._read_blocks(facts, company)
        needs = defaultdict(list)
        for order in orders:
            for need in self._needs(facts[order], rules):
                needs[need].append(order)
        for need, asking in needs.items():
            getattr(self, f"_read_{need}")({order: facts[order] for order in asking}, rules)
        return facts

    @api.model
    def _needs(self, known, rules):
        """The sorts of facts the rules that fit an order ask for."""
        needs = {"payments"} if known.blocks else set()
        for rule in rules:
            if rule.matches(known):
                for name in (rule.kind, *(signal.code for signal in rule.signals)):
                    needs |= NEEDS.get(name, set())
        return needs

    @api.model
    def _own_facts(self, order, channel):
        partner, shipping = order.partner_id, order.partner_shipping_id
        lines = order.order_line.filtered(
            lambda line: line.product_uom_qty > 0 and not (line.display_type or line.is_delivery)
        )
        phone = shipping.phone or partner.phone or ""
        address = {**shipping._dropship_address(), "phone": phone}
        # Fields of the messages on an order, where they are kept.
        flag = order["dropship_flag"] if "dropship_flag" in order._fields else False
        message = self._buyer_message(order)
        if message:
            message = None if order["dropship_message_read"] else (f"buyer:{fingerprint(message)}", message)
        return OrderFacts(
            origin="web" if order._dropship_came_alone() else "staff",
            channel=channel.id or None,
            tags=frozenset((partner.category_id | partner.commercial_partner_id.category_id).ids),
            country=shipping.country_id.id or None,
            state=shipping.state_id.id or None,
            zip=shipping.zip or "",
            value=order.amount_total / (order.currency_rate or 1.0),
            total=order.amount_total,
            currency=order.currency_id.name,
            step=order.currency_id.rounding,
            address=address,
            address_problems=tuple(code for code in problems(address) if code in FATAL or code.endswith("_phone")),
            address_key=shipping.dropship_address_key or "",
            phone=phone,
            phone_key=phone_key(phone, shipping.country_id.code or ""),
            email=partner.email or "",
            billing_country=order.partner_invoice_id.country_id.id or None,
            trust=partner.commercial_partner_id.with_company(order.company_id).trust or "normal",
            credit=any(line.nb_days > 0 for line in order.payment_term_id.line_ids),
            lines=len(lines),
            flag=(order["dropship_memo"] or "") if flag else None,
            message=message or None,
        )

    @api.model
    def _buyer_message(self, order):
        return (order["dropship_buyer_message"] or "") if "dropship_buyer_message" in order._fields else ""

    @api.model
    def _keys_of(self, order):
        """Everything of an order the blocklist may know."""
        shipping = order.partner_shipping_id
        partners = order.partner_id | shipping | order.partner_invoice_id
        return {
            "phone": {phone_key(row.phone, row.country_id.code or "") for row in partners if row.phone} - {""},
            "email": {email_key(row.email) for row in partners if row.email} - {""},
            "address": {row.dropship_address_key or "" for row in partners} - {""},
            "region": (shipping.country_id.code or "", shipping.state_id.id, shipping.zip or ""),
        }

    @api.model
    def _read_blocks(self, facts, company):
        if self.env["dropship.blocklist"].sudo()._is_used(company.id):
            keys = {order: self._keys_of(order) for order in facts}
            for order, blocks in self.env["dropship.blocklist"]._blocks_of(keys, company).items():
                facts[order].blocks = blocks

    @api.model
    def _read_payments(self, facts, _rules):
        """Attempts to pay, in the order's currency."""
        for order, known in facts.items():
            for row in order.transaction_ids.filtered(lambda row: row.operation not in ("validation", "refund")):
                amount = row.currency_id._convert(row.amount, order.currency_id, order.company_id, order.date_order)
                method = row.provider_id.custom_mode or row.payment_method_id.code or ""
                known.payments.append(Payment(row.state, amount, method))
            if told := TOLD.get(order.dropship_paid_state):
                # The platform pays its part of the prices; what is told as paid is the customer's.
                told_paid = order.dropship_paid_amount and order.dropship_paid_amount + order.dropship_subsidy
                known.payments.append(Payment(told[0], told_paid or order.amount_total, told[1]))
            paid_by_invoice = self._paid_by_invoice(order)
            if paid_by_invoice:
                known.payments.append(Payment("done", paid_by_invoice, "invoice"))

    @api.model
    def _paid_by_invoice(self, order):
        """What was paid on invoices other than through the order's own transactions, e.g. by bank transfer."""
        invoices = order.invoice_ids.filtered(lambda row: row.state == "posted" and row.move_type == "out_invoice")
        if order.transaction_ids.filtered(lambda row: row.state in ("done", "authorized")):
            return 0.0
        return sum(
            row.currency_id._convert(
                row.amount_total - row.amount_residual, order.currency_id, order.company_id, order.date_order
            )
            for row in invoices
        )

    @api.model
    def _read_copies(self, facts, rules):
        """Earlier orders over exactly the same goods to the same phone or address."""
        hours = max(rule.hours for rule in rules if rule.kind == "duplicate")
        pairs = self._same_goods([order.id for order in facts], hours)
        others = self.env["sale.order"].browse({other for _order, other, _hours in pairs})
        keys = {}
        for other in others:
            shipping = other.partner_shipping_id
            phone = phone_key(shipping.phone or other.partner_id.phone, shipping.country_id.code or "")
            keys[other.id] = (phone, shipping.dropship_address_key or "")
        known_of = {order.id: known for order, known in facts.items()}
        for order_id, other_id, age in pairs:
            known, (phone, place) = known_of[order_id], keys[other_id]
            same_phone = bool(phone) and phone == known.phone_key
            same_address = bool(place) and place == known.address_key
            if same_phone or same_address:
                name = others.browse(other_id).name
                known.copies.append(Copy(other_id, name, float(age), same_phone, same_address))

    @api.model
    def _same_goods(self, order_ids, hours):
        """[(order, earlier order, hours between)] with the same products in the same quantities.

        Of two orders the later one is the copy, so that one of them always goes on.
        """
        self.env["sale.order"].flush_model(["state", "date_order", "company_id"])
        self.env["sale.order.line"].flush_model(["product_id", "product_uom_qty", "display_type", "order_id"])
        basket = SQL(
            """
            SELECT string_agg(goods.product_id || ':' || goods.qty, ',' ORDER BY goods.product_id) AS goods
              FROM (SELECT product_id, SUM(product_uom_qty)::float8 AS qty
                      FROM sale_order_line
                     WHERE order_id = one.id AND display_type IS NULL AND product_id IS NOT NULL
                       AND is_delivery IS NOT TRUE AND product_uom_qty > 0
                     GROUP BY product_id) goods
            """
        )
        return self.env.execute_query(
            SQL(
                """
                WITH mine AS (
                    SELECT one.id, one.company_id, one.date_order, basket.goods
                      FROM sale_order one, LATERAL (%(basket)s) basket
                     WHERE one.id = ANY(%(orders)s)
                ), theirs AS (
                    SELECT one.id, one.company_id, one.date_order, basket.goods
                      FROM sale_order one, LATERAL (%(basket)s) basket
                     WHERE one.state = 'sale'
                       AND one.date_order >= (SELECT MIN(date_order) FROM mine) - %(window)s * interval '1 hour'
                       AND one.date_order <= (SELECT MAX(date_order) FROM mine)
                       AND one.company_id IN (SELECT company_id FROM mine)
                )
                SELECT mine.id, theirs.id, EXTRACT(epoch FROM mine.date_order - theirs.date_order)::float8 / 3600
                  FROM mine
                  JOIN theirs ON theirs.company_id = mine.company_id AND theirs.goods = mine.goods
                   AND (theirs.date_order, theirs.id) < (mine.date_order, mine.id)
                   AND theirs.date_order >= mine.date_order - %(window)s * interval '1 hour'
                 ORDER BY mine.id, theirs.date_order DESC, theirs.id DESC
                """,
                basket=basket,
                orders=list(order_ids),
                window=hours,
            )
        )

    @api.model
    def _read_history(self, facts, _rules):
        """Confirmed orders the same customer made before: how many, and how long ago the recent ones were."""
        customers = {order: order.partner_id.commercial_partner_id.id for order in facts}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, one.company_id, one.id,
                       EXTRACT(epoch FROM %(now)s - one.date_order)::float8 / 3600
                  FROM sale_order one
                  JOIN res_partner partner ON partner.id = one.partner_id
                 WHERE partner.commercial_partner_id = ANY(%(customers)s) AND one.state = 'sale'
                   AND one.company_id = ANY(%(companies)s)
                """,
                now=fields.Datetime.now(),
                customers=[*set(customers.values())],
                companies=[*{order.company_id.id for order in facts}],
            )
        )
        mine = defaultdict(list)
        for customer, company, order_id, age in rows:
            mine[customer, company].append((order_id, age))
        for order, known in facts.items():
            others = [row for row in mine[customers[order], order.company_id.id] if row[0] != order.id]
            known.earlier = len(others)
            known.recent = [age for _order, age in others if age <= RECENT_DAYS * 24]

    @api.model
    def _read_texts(self, facts, rules):
        """What the buyer and the house wrote: the message, the order's note, the contact's notes, the conversation."""
        self._read_messages(facts, rules, everything=True)
        for order, known in facts.items():
            partners = order.partner_id | order.partner_shipping_id
            notes = [order.note, *partners.mapped("comment")]
            known.texts += [html_to_inner_content(note)[:TEXT_LIMIT] for note in notes if note]
            known.texts += filter(None, [order.client_order_ref, self._buyer_message(order)[:TEXT_LIMIT]])

    @api.model
    def _read_messages(self, facts, _rules, everything=False):
        """What customers wrote in the order's conversation since a colleague last answered."""
        messages = self.env["mail.message"].search_fetch(
            [
                ("model", "=", "sale.order"),
                ("res_id", "in", [order.id for order in facts]),
                ("message_type", "in", ("comment", "email")),
                ("subtype_id.internal", "=", False),
            ],
            ["res_id", "body", "author_id"],
            order="id",
        )
        colleagues = messages.author_id.filtered(lambda author: author.main_user_id and not author.partner_share)
        for order, known in facts.items():
            mine = messages.filtered(lambda message, order=order: message.res_id == order.id)
            if everything:
                theirs = mine.filtered(lambda message: message.author_id not in colleagues)
                known.texts += [html_to_inner_content(row.body)[:TEXT_LIMIT] for row in theirs]
            elif mine and mine[-1].author_id not in colleagues and not known.message:
                known.message = (mine[-1].id, html_to_inner_content(mine[-1].body)[:TEXT_LIMIT])


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_came_alone(self):
        """Whether nobody of the staff looked at the order before: it came from the web shop, or through a channel.

        A web order that a colleague copied is the colleague's.
        """
        self.ensure_one()
        by_colleague = not self.create_uid.share and self.create_uid.id != SUPERUSER_ID
        return bool(self.dropship_paid_state or (self.website_id and not by_colleague))
