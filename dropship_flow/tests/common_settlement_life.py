"""Lives an invented life of a supplier on the real models, by the verbs people press."""

from datetime import date
from decimal import Decimal

from odoo import Command

from .common_books import BooksCase
from .common_lives import Lived
from .settling.lives import RATES, rate
from .settling.model import rounded
from .settling.player import Player


class SupplierLife(Lived, BooksCase):
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
            (Decimal(19), False): cls.make_vat(19.0, "purchase", cls.accounts["Input tax"], name="on top"),
            (Decimal(13), True): cls.make_vat(
                13.0, "purchase", cls.accounts["Input tax"], name="inside", price_include_override="tax_included"
            ),
        }
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)])
        cls.rates = cls.company.currency_exchange_journal_id
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
        self.release(move)
        move.action_post()
        self.moves[step.number] = move
        document = self.player.account.documents[step.number]
        self.equal(self.money(move.amount_total, document.currency), document.amount, "total of the document")
        self.equal(move.dropship_is_bill, document.inside, "belongs on the statement")

    def release(self, move):
        """The accountant takes on himself whatever the matching holds against the document."""
        if not move.dropship_is_bill:
            return
        self.env["dropship.bill.match"]._refresh(move._dropship_purchases(), move)
        if move._dropship_blockers():
            move._dropship_release("It is right")

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
        self.release(self.moves[step.about])
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.moves[step.about].ids
        )
        payment = register.create(values)._create_payments()
        self.equal(self.money(payment.amount, currency), amount, "amount of the payment")
        self.moves[step.number] = payment.move_id
        if whole:
            self.believe_left(step, currency)

    def believe_left(self, step, currency):
        """A cent of one currency is several of another: core may leave that much of a bill open, never more."""
        bill = self.moves[step.about]
        name = bill.currency_id.name
        left = self.money(abs(self.owed(bill).amount_residual_currency), name)
        cent = rounded(Decimal("0.005") * rate(name, step.day), name) + rounded(Decimal("0.01"), name)
        if left and left <= cent:
            self.player.account.leave(step.number, step.about, left)

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
