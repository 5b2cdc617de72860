"""The shop in which invented lives of what comes back are lived: money, supply, an order that is delivered."""

from decimal import Decimal

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_lives import Different, Lived
from odoo.exceptions import UserError

from .common_claims import ClaimFactories
from .common_goods import GoodsCase
from .common_refund import RefundCase
from .returning.lives import RATES
from .returning.model import exact_worth
from .returning.player import Player

ACCOUNTS = {
    "Customers": "Customers", "Sales": "Sales", "tax": "Output tax", "bank": "Payments on the way",
    "credit": "Store credit", "bonus": "Bonus",
}  # fmt: skip


class CaseWorld(Lived, ClaimFactories, GoodsCase, RefundCase):
    refusals = UserError

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ("dropship_flow_aftersales.group_aftersales_manager", "dropship_flow.group_dropship_buyer")
        cls.env.user.group_ids |= cls.env["res.groups"].union(*(cls.env.ref(name) for name in groups))
        cls.make_money()
        output = cls.accounts["Output tax"]
        inside = {"price_include_override": "tax_included"}
        outside = {"price_include_override": "tax_excluded"}
        cls.vats = {
            (0, False): cls.env["account.tax"],
            (19, False): cls.make_vat(19.0, "sale", output, name="19 on top", **outside),
            (19, True): cls.make_vat(19.0, "sale", output, name="19 inside", **inside),
            (13, True): cls.make_vat(13.0, "sale", output, name="13 inside", **inside),
        }
        cls.make_supply()
        cls.reasons["missing"] = cls.env["dropship.return.reason"].create(
            {"name": "Missing", "code": "t_missing", "kind": "missing", "liable": "supplier"}
        )
        cls.terms = cls.make_terms(
            (("damage",), {"pays": "refunded", "percent": 100}), (("missing",), {"pays": "cost", "percent": 100})
        )

    @classmethod
    def make_money(cls):
        """Currencies with price lists, and accounts of store credit."""
        cls.pricelists = {}
        for name in ("EUR", *RATES):
            currency = cls.currency(name)
            if name in RATES:
                currency.rate_ids.filtered(lambda line: line.company_id == cls.company).unlink()
                cls.env["res.currency.rate"].create(
                    {
                        "currency_id": currency.id,
                        "rate": float(RATES[name]),
                        "name": fields.Date.today(),
                        "company_id": cls.company.id,
                    }
                )
            cls.pricelists[name] = cls.env["product.pricelist"].create({"name": name, "currency_id": currency.id})
        cls.accounts["Store credit"] = cls.make_account("Store credit", "230000", "liability_current")
        cls.accounts["Bonus"] = cls.make_account("Bonus", "550000", "expense")
        cls.company.write(
            {
                "dropship_credit_account_id": cls.accounts["Store credit"].id,
                "dropship_credit_bonus_account_id": cls.accounts["Bonus"].id,
            }
        )

    @classmethod
    def make_supply(cls):
        """One supplier who has everything and sends it for nothing."""
        cls.rhein = cls.make_supplier("Main", answer_mode="manual")
        cls.set_accounts(cls.rhein.partner_id, cls.accounts)
        warehouse = cls.make_warehouse(cls.rhein)
        cls.make_rate(warehouse, 0.0, countries="DE")
        category = cls.make_category()
        cls.products = [
            cls.make_product(
                f"Thing {number}",
                list_price=1000.0,
                is_storable=True,
                categ_id=category.id,
                taxes_id=False,
                supplier_taxes_id=False,
                invoice_policy="order",
            )
            for number in range(3)
        ]
        cls.things = [cls.make_offer(warehouse, product, 1.0) for product in cls.products]
        cls.van = cls.env["product.product"].create(
            {
                "name": "Delivery",
                "type": "service",
                "categ_id": category.id,
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )

    # -- the order -------------------------------------------------------------------------------------------------

    def begin(self, life):
        """The order is sold, paid, delivered as far as it is, and invoiced."""
        self.company.tax_calculation_rounding_method = "round_per_line" if life.per_line else "round_globally"
        self.terms.rule_ids.write({"percent": life.granted})
        self.cases, self.events, self.boxes, self.ledger = {}, {}, {}, self.service()
        self.order = self.make_order(life)
        lines = self.order.order_line
        self.lines = {number: lines[number] for number in range(len(life.lines))}
        if life.delivery:
            self.lines["delivery"] = lines[-1]
        self.purchase = self.order.dropship_purchase_ids
        self.deliver(life)
        total = self.coins(self.order.amount_total)
        self.player = None
        for way, percent in life.payments:
            if way == "service":
                self.pay(self.order, self.payable(life, way, percent, total))
        self.bill = self.invoice(self.order)
        self.player = Player(life, self.worths(life))
        for way, payment in zip(life.payments, self.player.account.payments, strict=False):
            if way[0] == "transfer":
                self.transfer(payment.coins)

    def make_order(self, life):
        commands = [
            {
                "product_id": product.id,
                "product_uom_qty": sold.qty,
                "price_unit": float(self.money(sold.price, life.currency)),
                "discount": sold.discount,
                "tax_ids": [Command.set(self.vats[sold.tax].ids)],
            }
            for product, sold in zip(self.products, life.lines, strict=False)
        ]
        for thing, sold in zip(self.things, life.lines, strict=False):
            thing.price = sold.cost / 100
        if life.delivery:
            price, tax = life.delivery
            commands.append(
                {
                    "product_id": self.van.id,
                    "price_unit": float(self.money(price, life.currency)),
                    "tax_ids": [Command.set(self.vats[tax].ids)],
                    "is_delivery": True,
                }
            )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.anna.id,
                "company_id": self.company.id,
                "pricelist_id": self.pricelists[life.currency].id,
                "order_line": [Command.create(vals) for vals in commands],
            }
        )
        order.action_confirm()
        order.dropship_purchase_ids._dropship_accept()
        return order

    def deliver(self, life):
        goods = [
            (self.lines[number].dropship_allocation_ids.purchase_line_id, sold.delivered)
            for number, sold in enumerate(life.lines)
            if sold.delivered
        ]
        if not goods:
            return
        box = self.told(self.purchase, f"00340{self.purchase.id:015d}", *goods, carrier="DHL")
        self.scan(box, "picked_up", hours=48)
        self.scan(box, "delivered", hours=24)
        self.order.invalidate_recordset()

    def payable(self, life, way, percent, total):
        """So many percent of the order as the plain account cuts it."""
        done = 0
        for other, more in life.payments:
            if (other, more) == (way, percent):
                upto = [(total * share * 2 + 100) // 200 for share in (done, done + percent)]
                return float(self.money(upto[1] - upto[0], life.currency))
            done += more
        return 0.0

    def transfer(self, coins):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.bill.ids
        )
        amount = float(self.money(coins))
        wizard.create(
            {"journal_id": self.bank.id, "amount": amount, "currency_id": self.order.currency_id.id}
        )._create_payments()

    def worths(self, life):
        """What the invoice says of each line; core's way of sharing cents among lines is nobody's business here."""
        rows = {number: (sold.price, sold.qty, sold.discount, sold.tax) for number, sold in enumerate(life.lines)}
        if life.delivery:
            rows["delivery"] = (life.delivery[0], 1, 0, life.delivery[1])
        step = Decimal(str(self.order.currency_id.rounding))
        found = {}
        for base_line in self.bill._get_rounded_base_and_tax_lines()[0]:
            details = base_line["tax_details"]
            net = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
            tax = sum(data["tax_amount_currency"] for data in details["taxes_data"])
            key = next(key for key, line in self.lines.items() if line == base_line["record"].sale_line_ids)
            found[key] = (round(Decimal(str(net)) / step), round(Decimal(str(tax)) / step))
            for told, exact in zip(found[key], exact_worth(*rows[key]), strict=True):
                if abs(told - exact) > len(rows):
                    raise Different(f"{key} is invoiced as {told}, it is {float(exact)}")
        self.equal(self.coins(self.bill.amount_total), sum(sum(one) for one in found.values()), "total of the invoice")
        return found

    # -- figures ---------------------------------------------------------------------------------------------------

    def money(self, coins, currency=None):
        """Coins as an amount."""
        name = currency or self.player.currency
        return Decimal(coins).scaleb(0 if name == "JPY" else -2)

    def coins(self, amount):
        """An amount of the order's currency as coins."""
        return int(round(amount / self.order.currency_id.rounding))
