from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from psycopg2 import IntegrityError

from ..simulation import Goods, answer, invent_day

SWITCH = "dropship_flow.simulate_day"


class DropshipSimulateDay(models.TransientModel):
    """Fill a demo with a day of invented orders, through the same verbs as real ones, and take them away again."""

    _name = "dropship.simulate.day"
    _description = "Simulate a Day"

    seed = fields.Integer(default=1, required=True, help="The same number gives the same day.")
    count = fields.Integer("Orders", default=40, required=True)
    with_answers = fields.Boolean("Suppliers Answer", default=True)
    company_ids = fields.Many2many("res.company", string="Companies", default=lambda self: self.env.companies)
    waiting = fields.Integer("Invented Orders", compute="_compute_waiting")

    _count_possible = models.Constraint(
        "CHECK (count BETWEEN 1 AND 200)", "Between 1 and 200 orders make a day."
    )

    @api.depends("company_ids")
    def _compute_waiting(self):
        for wizard in self:
            wizard.waiting = len(wizard._invented())

    def _invented(self):
        companies = self.company_ids & self.env.companies
        domain = [("dropship_is_simulated", "=", True), ("company_id", "in", companies.ids)]
        return self.env["sale.order"].sudo().search(domain)

    def _check_allowed(self):
        """Only a manager, and only in a database that is no real shop."""
        if not self.env.user.has_group("dropship_flow.group_dropship_manager"):
            raise AccessError(self.env._("Only a Dropshipping Manager may simulate a day."))
        if self.company_ids - self.env.companies:
            raise AccessError(self.env._("Choose companies you work in."))
        module_sudo = self.env["ir.module.module"].sudo().search([("name", "=", "dropship_flow")], limit=1)
        switch = self.env["ir.config_parameter"].sudo().get_param(SWITCH)
        if not module_sudo.demo and switch not in ("1", "True", "true"):
            raise UserError(
                self.env._(
                    "This database has no demo data, it may be a real shop: nothing is invented here. "
                    "In a database for trying things out, set the system parameter %s to 1.",
                    SWITCH,
                )
            )

    # === MAKE === #

    def action_simulate(self):
        """Invent the orders of a day, confirm them, let the suppliers answer, and show them."""
        self.ensure_one()
        self._check_allowed()
        # Customers' orders are not a manager's own work: he need not have the rights of a visitor of the shop.
        orders_sudo = self.sudo()._simulate()
        if not orders_sudo:
            raise UserError(self.env._("Nothing to order: publish a product that some supplier offers."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invented Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("dropship_is_simulated", "=", True), ("id", "in", orders_sudo.ids)],
        }

    def _simulate(self):
        """:return: the orders"""
        wizard = self.with_user(SUPERUSER_ID).with_context(
            tracking_disable=True, mail_notrack=True, mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True
        )
        orders = wizard.env["sale.order"]
        for market, companies in wizard._markets().items():
            for company in companies:
                orders |= wizard.with_company(company)._simulate_company(company, market)
        if self.with_answers:
            wizard._answer(orders)
        return orders.sudo()

    def _markets(self):
        """{"west" | "cn": companies that can sell something}"""
        found = {"west": self.env["res.company"], "cn": self.env["res.company"]}
        for company in self.company_ids:
            found["cn" if company.country_id.code == "CN" else "west"] |= company
        return found

    def _simulate_company(self, company, market):
        goods = self._goods(company)
        sellers = len(self.company_ids) or 1
        share = self.count if sellers == 1 else max(1, round(self.count / sellers))
        invented = invent_day(self.seed, share, {market: goods})
        if not invented:
            return self.env["sale.order"]
        orders = self._place(company, invented)
        self._pay(orders, invented)
        paid = [order for order, plan in zip(orders, invented, strict=True) if plan.payment != "unpaid"]
        going = self.env["sale.order"].union(*paid)
        going.action_confirm()
        return orders

    def _goods(self, company):
        """Published products some supplier offers to the company."""
        offers = self.env["dropship.offer"].search(
            [
                ("company_id", "in", [False, company.id]),
                ("product_id.is_published", "=", True),
                ("product_id.active", "=", True),
            ]
        )
        products = offers.product_id.filtered(lambda product: product.company_id in (company, company.browse()))
        return [Goods(product.id, product.list_price) for product in products.sorted("id")]

    def _place(self, company, invented):
        """The customers' carts, in the order of the day."""
        website = self.env["website"].search([("company_id", "=", company.id)], limit=1)
        team = self.env["crm.team"].search([("company_id", "=", company.id)], limit=1)
        customers = self._customers([plan.person for plan in invented])
        today = fields.Datetime.now()
        vals_list = []
        for plan, customer in zip(invented, customers, strict=True):
            vals = {
                "partner_id": customer.id,
                "company_id": company.id,
                "dropship_is_simulated": True,
                "origin": f"SIM-{self.seed}-{plan.number}",
                "date_order": today - timedelta(minutes=1440 - plan.minute),
                "order_line": [
                    Command.create({"product_id": product_id, "product_uom_qty": qty}) for product_id, qty in plan.lines
                ],
            }
            if website:
                vals |= {"website_id": website.id, "team_id": website.salesteam_id.id or team.id}
            elif team:
                vals["team_id"] = team.id
            if plan.message and "dropship_buyer_message" in self.env["sale.order"]._fields:
                vals["dropship_buyer_message"] = plan.message
            vals_list.append(vals)
        orders = self.env["sale.order"].create(vals_list)
        for order, plan in zip(orders, invented, strict=True):
            if plan.message and "dropship_buyer_message" not in order._fields:
                order.message_post(body=plan.message, author_id=order.partner_id.id, subtype_xmlid="mail.mt_note")
            self._choose_delivery(order, website)
        return orders

    def _choose_delivery(self, order, website):
        """What a customer would take: the first method that delivers to him."""
        carriers = self.env["delivery.carrier"].search(
            [
                *self.env["delivery.carrier"]._check_company_domain(order.company_id),
                *([("is_published", "=", True)] if website else [("company_id", "=", order.company_id.id)]),
            ]
        )
        for carrier in carriers:
            if carrier._is_available_for_order(order):
                rate = carrier.rate_shipment(order)
                if rate["success"]:
                    order.set_delivery_line(carrier, rate["price"])
                    return

    def _customers(self, people):
        """A customer for every order; who orders twice is found again by his mail."""
        countries = self.env["res.country"].search([("code", "in", list({one.country for one in people}))])
        by_code = {country.code: country for country in countries}
        states = {(state.country_id.code, state.code): state.id for state in countries.state_ids}
        langs = dict(self.env["res.lang"].get_installed())
        vals = {
            one: {
                "name": one.name,
                "street": one.street,
                "city": one.city,
                "zip": one.zip,
                "state_id": states.get((one.country, one.state), False),
                "country_id": by_code[one.country].id if one.country in by_code else False,
                "phone": one.phone,
                "email": one.email,
                "lang": one.lang if one.lang in langs else False,
                "customer_rank": 1,
                "dropship_is_simulated": True,
            }
            for one in people
        }
        made = dict(zip(vals, self.env["res.partner"].create(list(vals.values())), strict=True))
        return [made[one] for one in people]

    def _pay(self, orders, invented):
        """A payment for every order of a shop with a way to pay; invented money is never posted to the books."""
        for order, plan in zip(orders, invented, strict=True):
            provider = self._provider(order.company_id, plan.payment)
            if plan.payment == "unpaid":
                order.action_quotation_sent()
            if not provider:
                continue
            transaction = self.env["payment.transaction"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider.payment_method_ids[:1].id,
                    "reference": f"{order.name}-SIM",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_invoice_id.id,
                    "operation": "online_direct",
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done" if plan.payment == "paid" else "pending",
                    "is_post_processed": True,
                }
            )
            transaction.last_state_change = order.date_order

    def _provider(self, company, payment):
        providers = self.env["payment.provider"].search(
            [("company_id", "=", company.id), ("code", "=", "custom"), ("state", "!=", "disabled")]
        )
        at_door = providers.filtered(lambda provider: provider.custom_mode == "cash_on_delivery")
        found = at_door if payment == "cod" else providers - at_door
        return found.filtered("payment_method_ids")[:1]

    def _answer(self, orders):
        """Suppliers accept, take a part, refuse, or say nothing."""
        for place, purchase in enumerate(orders.sudo().dropship_purchase_ids.sorted("id")):
            word, reason = answer(self.seed, place, len(purchase.order_line))
            if word == "refuse" and purchase.state in ("sent", "purchase"):
                purchase._dropship_refuse(reason)
            elif word == "part" and purchase.state == "sent":
                purchase.order_line[-1:].unlink()
                purchase._dropship_accept()
            elif word == "accept" and purchase.state == "sent":
                purchase._dropship_accept()

    # === TAKE AWAY === #

    def action_remove(self):
        """Delete the invented orders of which nothing was shipped or invoiced, with all that came of them."""
        self.ensure_one()
        self._check_allowed()
        kept, removed = self.sudo()._remove()
        text = self.env._("%s invented orders were removed.", removed)
        if kept:
            text += " " + self.env._("%s stay: something of them was shipped or invoiced.", kept)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if removed or not kept else "warning",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _remove(self):
        """:return: (how many stay, how many went)"""
        wizard = self.with_user(SUPERUSER_ID).with_context(
            tracking_disable=True, dropship_internal=True, disable_cancel_warning=True
        )
        orders = wizard._invented().with_env(wizard.env)
        going = orders.filtered(lambda order: not wizard._is_real_by_now(order))
        purchases = going.dropship_purchase_ids
        pickings = going.picking_ids | purchases.picking_ids
        customers = going.partner_id
        going.transaction_ids.unlink()
        going.filtered(lambda order: order.state != "cancel")._action_cancel()
        purchases._dropship_cancel_quietly()
        pickings.filtered(lambda picking: picking.state != "cancel").action_cancel()
        # Lines first: sourcing rows point at both, and the database lets go of one at a time.
        purchases.order_line.unlink()
        purchases.unlink()
        pickings.unlink()
        counted = len(going)
        going.unlink()
        wizard._remove_customers(customers)
        return len(orders) - counted, counted

    @api.model
    def _is_real_by_now(self, order):
        """Whether something happened that cannot be undone by deleting."""
        done = (order.picking_ids | order.dropship_purchase_ids.picking_ids).filtered(
            lambda picking: picking.state == "done"
        )
        bills = order.dropship_purchase_ids.invoice_ids
        return bool(done or order.invoice_ids or bills)

    @api.model
    def _remove_customers(self, customers):
        """Invented customers without any order left go too."""
        invented = customers.filtered("dropship_is_simulated")
        still = self.env["sale.order"].search([("partner_id", "in", invented.ids)]).partner_id
        for customer in invented - still:
            try:
                with self.env.cr.savepoint():
                    customer.unlink()
            except (UserError, IntegrityError):
                continue  # somebody works with him by now: he stays
