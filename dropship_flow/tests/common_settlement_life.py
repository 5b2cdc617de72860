"""Lives an invented life of a supplier on the real models, by the verbs people press."""

from datetime import date
from decimal import Decimal

from odoo import Command

from .common_books import BooksCase
from .settling.lives import RATES
from .settling.model import ZERO, rounded
from .settling.player import Player


class Different(Exception):  # noqa: N818 - it is what was found, not a fault of the test
    """The books say something else than the plain account."""


class Forget(Exception):  # noqa: N818 - takes back what was lived
    pass


class SettlementLife(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currencies = {name: cls.currency(name) for name in ("EUR", *RATES)}
        for name, rates in RATES.items():
            cls.currencies[name].rate_ids.filtered(lambda line: line.company_id == cls.company).unlink()
            for month, told in enumerate(rates, 1):
                cls.env["res.currency.rate"].create(
                    {
                        "currency_id": cls.currencies[name].id,
                        "name": date(2025, month, 1),
                        "rate": float(told),
                        "company_id": cls.company.id,
                    }
                )
        cls.taxes = {
            (Decimal(0), False): cls.env["account.tax"],
            (Decimal(19), False): cls.make_vat("Input tax", "purchase", 19.0, name="on top"),
            (Decimal(13), True): cls.make_vat(
                "Input tax", "purchase", 13.0, name="inside", price_include_override="tax_included"
            ),
        }
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)])
        cls.space = cls.env["product.product"].create({"name": "Warehouse rent", "type": "service"})
        cls.category = cls.make_category()
        charges = cls.env.ref("dropship_flow.category_supplier_charges").with_company(cls.company)
        charges.property_account_expense_categ_id = cls.accounts["Cost of goods"]
        cls.space.categ_id = cls.category

    def begin(self, currency):
        """A supplier nobody dealt with yet."""
        self.player = Player(currency)
        self.moves, self.purchases, self.boxes = {}, {}, 0
        self.rhein = self.make_supplier("Rhein", currency_id=self.currencies[currency], answer_mode="manual")
        self.set_accounts(self.rhein.partner_id, self.accounts)
        warehouse = self.make_warehouse(self.rhein)
        self.make_rate(warehouse, 1.0, countries="DE")
        self.goods = self.make_product(
            "Goods", list_price=1000.0, categ_id=self.category.id, taxes_id=False, supplier_taxes_id=False
        )
        self.offer = self.make_offer(warehouse, self.goods, 1.0)

    def forgotten(self, story):
        """Do something and take it back. The difference it met, or None."""
        try:
            with self.env.cr.savepoint():
                try:
                    story()
                finally:
                    self.env.flush_all()
                raise Forget
        except Forget:
            return None
        except Different as error:
            return str(error)
        finally:
            self.env.invalidate_all()

    @staticmethod
    def equal(real, plain, what):
        if real != plain:
            raise Different(f"{what}: the books say {real}, it is {plain}")

    def money(self, amount, currency=None):
        return rounded(Decimal(str(round(amount, 4))), currency or self.player.currency)

    # -- goods -----------------------------------------------------------------------------------------------------

    def do_buy(self, step, quantity, price):
        self.offer.price = float(price)
        purchase = self.buy((self.goods, float(quantity)), accept=True)
        self.equal(self.money(purchase.order_line.price_unit), price, "price of the purchase")
        self.purchases[step.number] = purchase

    def do_ship(self, step, quantity):
        self.boxes += 1
        purchase = self.purchases[step.about]
        self.told(purchase, f"RH{purchase.id:07d}{self.boxes:02d}", (purchase.order_line, float(quantity)))

    # -- documents -------------------------------------------------------------------------------------------------

    def do_bill(self, step, rows, currency, ours):
        purchase = self.purchases[step.about]
        if ours:
            before = purchase.invoice_ids
            purchase.action_create_invoice()
            bill = purchase.invoice_ids - before
            bill.write({"invoice_date": step.day, "date": step.day, "ref": f"{self.rhein.id}-{step.number}"})
        else:
            lines = [{"purchase_line_id": purchase.order_line.id, "product_id": self.goods.id}]
            if len(rows) > 1:
                freight = self.env["account.move.line"]._dropship_charge_product("freight")
                lines.append(
                    {"product_id": freight.id, "dropship_charge": "freight", "dropship_purchase_id": purchase.id}
                )
            bill = self.make_bill(step, rows, currency, lines)
        self.post(step, bill)

    def do_rent(self, step, rows, currency):
        self.post(step, self.make_bill(step, rows, currency, [{"product_id": self.space.id}]))

    def make_bill(self, step, rows, currency, lines):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.rhein.partner_id.id,
                "currency_id": self.currencies[currency].id,
                "invoice_date": step.day,
                "date": step.day,
                "ref": f"{self.rhein.id}-{step.number}",
                "invoice_line_ids": [
                    Command.create(
                        {
                            **line,
                            "quantity": float(row.quantity),
                            "price_unit": float(row.price),
                            "tax_ids": [Command.set(self.taxes[row.tax, row.inside].ids)],
                        }
                    )
                    for line, row in zip(lines, rows, strict=True)
                ],
            }
        )

    def post(self, step, move):
        move.action_post()
        self.moves[step.number] = move
        document = self.player.account.documents[step.number]
        self.equal(self.money(move.amount_total, document.currency), document.amount, "total of the document")
        self.equal(move.dropship_is_bill, document.inside, "belongs on the statement")

    def do_credit(self, step, rows):
        bill = self.moves[step.about]
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id, "date": step.day})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.write({"invoice_date": step.day, "date": step.day, "ref": f"{self.rhein.id}-{step.number}"})
        for line, row in zip(note.invoice_line_ids, rows, strict=True):
            line.quantity = float(row.quantity)
        self.post(step, note)

    def do_cancel(self, step):
        bill = self.moves.pop(step.about)
        bill.button_draft()
        bill.button_cancel()

    # -- money -----------------------------------------------------------------------------------------------------

    def do_pay(self, step, currency, amount, whole):
        values = {"payment_date": step.day, "journal_id": self.bank.id, "currency_id": self.currencies[currency].id}
        if not whole:
            values["amount"] = float(amount)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.moves[step.about].ids
        )
        payment = register.create(values)._create_payments()
        self.equal(self.money(payment.amount, currency), amount, "amount of the payment")
        self.moves[step.number] = payment.move_id

    def do_deposit(self, step, currency, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.rhein.partner_id.id,
                "journal_id": self.bank.id,
                "currency_id": self.currencies[currency].id,
                "amount": float(amount),
                "date": step.day,
            }
        )
        payment.action_post()
        self.moves[step.number] = payment.move_id

    def do_set_off(self, step, debit):
        self.moves[step.about].js_assign_outstanding_line(self.owed(self.moves[debit]).id)

    def do_release(self, step):
        self.owed(self.moves[step.about]).remove_move_reconcile()

    def do_cancel_payment(self, step, payment):
        record = self.moves.pop(payment).origin_payment_id
        record.action_draft()
        record.action_cancel()

    def owed(self, move):
        """The journal item about what we owe the supplier."""
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "liability_payable")

    # -- comparing -------------------------------------------------------------------------------------------------

    def compare(self, step):
        """Every document is as open in the ledger as in the plain account, and nothing else is booked."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.rhein.partner_id.id),
                ("account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
                ("amount_currency", "!=", 0.0),
            ]
        )
        names = {move.id: key for key, move in self.moves.items()}
        real = {
            names.get(line.move_id.id, line.move_id.name): self.money(
                abs(line.amount_residual_currency), line.currency_id.name
            )
            for line in lines
        }
        account = self.player.account
        plain = {key: account.open(key) for key in account.documents}
        self.equal(real, plain, f"open after step {step.number}")

    def compare_other_currencies(self, day):
        """Documents in other currencies have a statement of their own."""
        account = self.player.account
        for name, currency in self.currencies.items():
            if name == self.player.currency or not any(one.currency == name for one in account.documents.values()):
                continue
            statement = self.env["dropship.settlement"].create(
                {
                    "supplier_id": self.rhein.id,
                    "company_id": self.company.id,
                    "currency_id": currency.id,
                    "date_to": day,
                }
            )
            self.equal(self.money(statement.closing, name), account.balance(name, day), f"closing in {name}")
            self.equal(self.money(statement.residual, name), account.residual(name, day), f"open in {name}")

    def compare_statement(self, statement, day):
        figures = self.player.figures(day)
        for name, plain in figures.items():
            self.equal(self.money(statement[name]), plain, f"{name} of {day}")
        self.compare_sum(statement)

    def compare_sum(self, statement):
        """Opening and movements are the closing balance; so is the sum of the lines."""
        moved = statement.later + statement.billed - statement.credited - statement.paid + statement.adjusted
        self.equal(self.money(statement.opening + moved), self.money(statement.closing), "opening and movements")
        counted = sum(statement.line_ids.filtered("counts").mapped("amount"))
        before = 0.0 if any(line.kind == "opening" for line in statement.line_ids) else statement.opening
        self.equal(self.money(before + counted), self.money(statement.closing), "sum of the lines")

    def compare_closed(self, statement, before, amounts):
        """An agreed statement: as it was, with what it booked itself."""
        booked = sum(amounts, ZERO)
        self.equal(self.money(statement.adjusted), booked, "adjustments booked")
        self.equal(self.money(statement.pending), ZERO, "not booked yet, after approval")
        for name in ("opening", "billed", "credited"):
            self.equal(self.money(statement[name]), before[name], f"{name} when agreed")
        for name in ("closing", "residual"):
            self.equal(self.money(statement[name]), before[name] + booked, f"{name} when agreed")
        self.equal(self.player.closing, before["closing"] + booked, "closing of the plain account")
        self.compare_sum(statement)

    # -- statements ------------------------------------------------------------------------------------------------

    def make_statement(self, day):
        wizard = self.env["dropship.settlement.make"].create(
            {"company_id": self.company.id, "supplier_ids": [Command.set(self.rhein.ids)], "date_to": day}
        )
        wizard.action_make()
        made = self.env["dropship.settlement"].search([("supplier_id", "=", self.rhein.id), ("date_to", "=", day)])
        others = made.filtered(lambda statement: statement.currency_id.name != self.player.currency)
        others.action_cancel()
        return made - others

    def adjust(self, statement, step, kind, mode, value):
        """The accountant adds a charge or an allowance."""
        value = value if mode == "percent" else rounded(value, self.player.currency)
        adjustment = self.env["dropship.settlement.adjustment"].create(
            {"settlement_id": statement.id, "kind": kind, "name": kind, "mode": mode, "value": float(value)}
        )
        plain = self.player.adjustment(kind, mode, value, step.day)
        self.equal(self.money(adjustment.amount), plain, f"adjustment {kind} {mode}")
        return plain

    def claim(self, step):
        """The supplier grants us a claim."""
        amount = rounded(step.more["claim"], self.player.currency)
        claim = self.env["dropship.claim"].create(
            {
                "supplier_id": self.rhein.id,
                "party": "supplier",
                "kind": "damage",
                "amount": float(amount),
                "amount_granted": float(amount),
                "currency_id": self.currencies[self.player.currency].id,
            }
        )
        claim._set_state("filed")
        claim._set_state("accepted")
        return -amount

    def object(self, statement, answer, correction):
        """The supplier objects to the first line; he is right, with a correction, or not. What it adds to what is owed."""
        line = statement.line_ids.filtered("counts")[:1]
        if not line:
            return ZERO
        objection = statement._object(line, "Not ours", "Mr Rhein")
        self.equal(statement.state, "objected", "state")
        if answer == "refused":
            objection.answer = "It is yours."
            objection.action_refuse()
            return ZERO
        correction = rounded(correction, self.player.currency)
        objection.correction = float(correction)
        objection.action_accept()
        return correction

    def name_booked(self, statement, keys):
        """The documents an approval made, by the plain account's names."""
        booked = self.env["account.move"].search([("dropship_settlement_id", "=", statement.id)])
        kinds = {"in_invoice": "bill", "in_refund": "credit"}
        made = {kinds[move.move_type]: move for move in booked}
        self.equal(sorted(made), sorted(kind for _number, kind in keys), "documents booked by the statement")
        for key in keys:
            self.moves[key] = made[key[1]]

    def pay_statement(self, statement, step, day):
        """Pay what the statement says is due."""
        items, _held = statement._payable_items()
        names = {move.id: key for key, move in self.moves.items()}
        keys = [names[line.move_id.id] for line in items]
        self.equal(sorted(map(str, keys)), sorted(map(str, self.to_pay(step.day))), "documents to pay")
        before = self.partials()
        if statement.state == "agreed":
            wizard = self.env["dropship.settlement.pay"].create(
                {"settlement_ids": [Command.set(statement.ids)], "date": day, "journal_id": self.bank.id}
            )
            wizard.action_pay()
            payment = wizard.payment_ids
        else:
            statement.action_match()
            payment = self.env["account.payment"]
        if payment:
            self.moves[step.number, "pay"] = payment.move_id
        names = {move.id: key for key, move in self.moves.items()}
        matches = []
        for one in self.partials() - before:
            if one.debit_amount_currency:
                pair = (names[one.debit_move_id.move_id.id], names[one.credit_move_id.move_id.id])
                matches.append((*pair, self.money(one.debit_amount_currency)))
        try:
            due = self.player.pay_statement(step, keys, day, matches)
        except AssertionError as error:
            raise Different(str(error)) from error
        self.equal(self.money(payment.amount), due, "payment of the statement")

    def to_pay(self, day):
        """Approved and open: every bill and credit note of the statements so far."""
        account = self.player.account
        return [
            one.key
            for one in account.documents.values()
            if one.kind != "payment" and self.player._concerns(one, day) and account.open(one.key)
        ]

    def partials(self):
        self.env.flush_all()
        lines = self.env["account.move.line"].search([("partner_id", "=", self.rhein.partner_id.id)])
        return lines.matched_debit_ids | lines.matched_credit_ids
