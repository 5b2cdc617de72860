"""Orders nobody can deliver in full, paid in the shop, with a payment service that writes down what it is asked."""

from datetime import timedelta

from odoo import Command, fields

from .common_flow import FlowFactories


class NoSourceFactories(FlowFactories):
    """Mixin: the lamp of the hero basket is sold out everywhere; the night light may stand in for it."""

    @classmethod
    def make_no_source(cls):
        cls.make_hero()
        cls.policy = cls.make_policy("buy", ask_hours=48, ask_wait_days=10)
        cls.night_light = cls.make_product(
            "Night light", list_price=29.9, weight=0.3, hs_code="940521", taxes_id=[Command.set(cls.tax.ids)]
        )
        cls.spare = cls.make_offer(cls.warehouses["Rhein"], cls.night_light, 9.0)
        cls.night_light.product_tmpl_id.is_published = True
        cls.lamp.product_tmpl_id.alternative_product_ids = cls.night_light.product_tmpl_id
        cls.anna.email = "anna@example.com"
        cls.lamp_offers().stock = 0

    @classmethod
    def lamp_offers(cls):
        return cls.env["dropship.offer"].union(
            *(offer for (_name, product), offer in cls.offers.items() if product == cls.lamp)
        )

    @classmethod
    def restock(cls):
        """Somebody has the lamp again."""
        cls.offers["Rhein", cls.lamp].stock = 50

    @classmethod
    def pay(cls, order, amount=None, state="done"):
        """A payment of the order in the shop."""
        provider = cls.env["payment.provider"].create(
            {"name": "Test pay", "code": "none", "company_id": cls.company.id, "state": "test"}
        )
        method = cls.env["payment.method"].create(
            {"name": "Test card", "code": f"card{order.id}", "support_refund": "partial", "provider_ids": provider.ids}
        )
        return cls.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{order.id}-{len(order.transaction_ids)}",
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "operation": "online_redirect",
                "state": state,
                "is_post_processed": True,
            }
        )

    @classmethod
    def asked(cls, *lines, paid=True, **vals):
        """A confirmed order without a source for its lamp, and the open question about it."""
        order = cls.make_sale(*(lines or (cls.lamp, cls.stand, cls.cable)), **vals)
        if paid:
            cls.pay(order)
        order.action_confirm()
        order._dropship_ask_customer()
        return order, order.dropship_question_ids

    @classmethod
    def line(cls, order, product):
        return order.order_line.filtered(lambda line: line.product_id == product)

    def service(self, support="partial", answer="done"):
        """A payment service that gives money back, and the ledger of what it was asked."""
        ledger = []

        def support_fields(providers):
            providers.update({"support_refund": support, "support_tokenization": None})
            providers.update({"support_express_checkout": None, "support_manual_capture": "full_only"})

        def request(transaction):
            ledger.append(transaction.amount)
            if answer == "crash":
                raise ConnectionError("the line is dead")
            if answer == "error":
                transaction._set_error("not this card")
            else:
                transaction._set_done()

        self.patch(self.registry["payment.provider"], "_compute_feature_support_fields", support_fields)
        self.patch(self.registry["payment.transaction"], "_send_refund_request", request)
        self.patch(self.registry["payment.transaction"], "_send_void_request", lambda tx: ledger.append("void"))
        return ledger

    def answer(self, question, option, **options):
        """As the page does it: what was shown goes back with the answer."""
        shown = {row[0]: row[2] for row in question._shown()}
        by = options.pop("by", self.env.ref("base.public_user"))
        return question._answer(option, shown=options.pop("shown", shown.get(option)), by=by, **options)

    def books(self):
        """A chart of accounts; it brings taxes of its own, so ours is made anew."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        tax = self.make_vat(19.0, name="19 % VAT", price_include_override="tax_included")
        products = self.lamp | self.stand | self.cable | self.night_light
        products.write({"taxes_id": [Command.set(tax.ids)], "invoice_policy": "order"})
        return tax

    def two_left(self):
        """Two lamps are there, and lines may be split."""
        self.offers["Rhein", self.lamp].write({"stock": 2, "as_of": fields.Datetime.now() - timedelta(hours=1)})
        self.policy.write({"on_missing": "buy_rest", "split_lines": True})

    def late(self, question, hours=1):
        """Time ran out."""
        question.deadline = fields.Datetime.now() - timedelta(hours=hours)

    def mails(self, order):
        """Subjects and texts of what was sent to the customer, oldest first."""
        about = [("model", "=", "dropship.customer.question"), ("res_id", "in", order.dropship_question_ids.ids)]
        mails = self.env["mail.mail"].search(about, order="id")
        return [(mail.subject, mail.body_html) for mail in mails]
