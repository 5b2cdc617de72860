"""Lives an invented life of an order on the real models, by the verbs people press."""

from decimal import Decimal

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_lives import Different, Lived
from odoo.exceptions import UserError

from ..casework import Offer
from .common_claims import ClaimFactories
from .common_goods import GoodsCase
from .common_refund import RefundCase
from .returning.lives import RATES
from .returning.model import exact_worth
from .returning.player import OURS, Player

ACCOUNTS = {
    "Customers": "Customers", "Sales": "Sales", "tax": "Output tax", "bank": "Payments on the way",
    "credit": "Store credit", "bonus": "Bonus",
}  # fmt: skip


class CaseLife(Lived, ClaimFactories, GoodsCase, RefundCase):
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

    # -- without a case --------------------------------------------------------------------------------------------

    def do_refund(self, step, kind, freight, line=None, qty=0, percent=0, amount=None, given=None, refused=False):
        wizard = self.env["dropship.refund.wizard"].create(
            {
                "order_id": self.order.id,
                "kind": kind,
                "freight": freight,
                "amount": float(self.money(amount)) if amount and line is None else 0.0,
            }
        )
        if line is not None:
            row = wizard.line_ids.filtered(lambda row: row.order_line_id == self.lines[line])
            row.write({"qty": qty, "percent": percent, "amount": float(self.money(amount)) if amount else 0.0})
        try:
            with self.env.cr.savepoint():
                wizard.action_refund()
        except UserError as error:
            if not refused:
                raise Different(f"refused: {error}") from error
            return
        self.equal(refused, False, "refused")
        self.check_given(wizard.refund_id, given)

    # -- cases -----------------------------------------------------------------------------------------------------

    def do_open(self, step, asked, there, reason):
        known = self.order.dropship_refund_book_ids
        case = self.open_case(*[(self.lines[line], qty, reason) for line, qty in asked.items()])
        self.cases[step.number] = case
        if there:
            return
        accepted = case.event_ids.filtered(lambda event: event.code == "accept")
        self.equal(len(accepted), 1, "cancelled at once")
        freight = dict(case._fold().bound[0].offer.conditions).get("outbound", {}).get("freight", "none")
        freight = {"standard": "part"}.get(freight, freight)
        self.settle(case, known, self.player.at_once(step.number, freight))

    def case_line(self, case, line):
        return case.line_ids.filtered(lambda one: one.order_line_id == self.lines[line])

    def offer_of(self, case, terms):
        conditions = []
        for name, figures in (
            ("fee", {"percent": terms["fee"]}), ("keep", {"percent": terms["percent"]}),
            ("bonus", {"percent": terms["bonus"]}), ("outbound", {"freight": terms["freight"]}),
        ):  # fmt: skip
            value = next(iter(figures.values()))
            if value and value != "none":
                conditions.append((name, {key: str(one) for key, one in figures.items()}))
        return Offer(
            terms["kind"],
            tuple((self.case_line(case, line).id, Decimal(qty)) for line, qty in terms["lines"].items()),
            amount=None if terms["amount"] is None else self.money(terms["amount"]),
            to=terms["to"],
            after=terms["after"],
            conditions=tuple(conditions),
        )

    def do_offer(self, step, offer, by):
        case = self.cases[step.about]
        self.events[step.number] = case._record("offer", by, offer=self.offer_of(case, offer))

    def do_take(self, step, about, by, given):
        with self.follows(step, given) as case:
            case._record("take", by, about=self.events[about])

    def do_accept(self, step, offer, given):
        with self.follows(step, given) as case:
            case._record("accept", "agent", offer=self.offer_of(case, offer))

    def do_decline(self, step, about, by):
        self.cases[step.about]._record("decline", by, about=self.events[about])

    def do_silence(self, step, by):
        self.pass_hours(self.cases[step.about], 80 if by == "agent" else 24 * 7)

    def do_refuse(self, step):
        self.cases[step.about]._record("refuse", "agent", text="We are sorry")

    def do_cancel(self, step):
        self.cases[step.about]._record("cancel", "customer")

    def do_close(self, step):
        self.cases[step.about]._record("close", "agent")

    def do_score(self, step, score):
        self.cases[step.about]._record("score", "customer", score=score)

    # -- goods -----------------------------------------------------------------------------------------------------

    def do_send(self, step, lines, given):
        with self.follows(step, given) as case:
            quantities = {self.case_line(case, line): qty for line, qty in lines.items()}
            self.boxes[step.number] = case._send_back(self.number(), lines=quantities)

    def do_receive(self, step, counts, by, given):
        with self.follows(step, given) as case:
            rows = {self.case_line(case, line): qty for line, qty in counts.items()}
            case._receive(self.boxes[step.more["parcel"]], rows, "supplier" if by == "supplier" else "agent")

    def do_inspect(self, step, found, by, given):
        with self.follows(step, given) as case:
            rows = [
                {"line": self.case_line(case, line), "condition": condition, "qty": conditions.count(condition)}
                for line, conditions in found.items()
                for condition in sorted(set(conditions))
            ]
            case._inspect(self.boxes[step.more["parcel"]], rows, "supplier" if by == "supplier" else "agent")

    def do_not_coming(self, step, given):
        with self.follows(step, given) as case:
            case._record("not_coming", "agent")

    # -- claims ----------------------------------------------------------------------------------------------------

    def do_file(self, step):
        self.cases[step.about].case_claim_ids.action_file()

    def do_answer(self, step, answer, amount):
        claim = self.cases[step.about].case_claim_ids
        claim._hear(answer, self.money(amount, "EUR") if answer == "partly" else None)

    # -- reading ---------------------------------------------------------------------------------------------------

    def read_claim(self, case, plain):
        claim = case.case_claim_ids.filtered(lambda claim: claim.party == "supplier" and claim.state != "cancelled")
        if case.line_ids[:1].reason_id.code[2:] not in OURS:
            return self.equal(claim.mapped("amount"), [], "claims")
        mine = (round(claim.amount * 100), claim.state or "draft", round(claim.amount_granted * 100))
        theirs = (plain.amount, plain.state, plain.granted) if plain else (0, "draft", 0)
        return self.equal(mine, theirs, f"claim of {case.name}")
