"""Books, and bills in them: a supplier who ships, and bills what he likes."""

from odoo import Command, fields

from .common_shipment import ShipmentCase


class BillCase(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_books(cls.company)
        cls.currency_eur = cls.company.currency_id

    @classmethod
    def open_books(cls, company):
        """An account of expenses, one of what we owe, a journal of bills, a bank to pay from."""
        expense = cls.make_account("Goods", "600000", "expense", company)
        owed = cls.make_account("Owed", "330000", "liability_payable", company)
        cls.make_journal("Bills", "BIL", "purchase", expense, company)
        cls.bank = cls.make_journal("Bank", "BNK", "bank", company=company)
        for supplier in cls.suppliers.values():
            supplier.partner_id.with_company(company).property_account_payable_id = owed
        under_way = cls.make_account("Under way", "110100", "asset_current", company, reconcile=True)
        cls.bank.outbound_payment_method_line_ids.payment_account_id = under_way

    def bought(self, *lines, ship=True):
        """An accepted purchase at Rhein, shipped or not."""
        purchase = self.buy(*(lines or ((self.lamp, 2),)), accept=True)
        if ship:
            self.told(purchase, f"DE{purchase.id:09}")
        return purchase

    def bill(self, purchase, *lines, freight=None, fee=None, ref="RE-1", post=False, kind="in_invoice", **vals):
        """The supplier's bill. lines: (purchase line, quantity, price); without them what was ordered."""
        lines = lines or [(line, line.product_qty, line.price_unit) for line in purchase.order_line]
        commands = [
            Command.create(
                {
                    "purchase_line_id": line.id, "product_id": line.product_id.id, "quantity": quantity,
                    "price_unit": price, "product_uom_id": line.product_uom_id.id, "tax_ids": [Command.clear()],
                }
            )
            for line, quantity, price in lines
        ]  # fmt: skip
        for charge, amount in (("freight", freight), ("fee", fee)):
            if amount is not None:
                product = self.env["account.move.line"]._dropship_charge_product(charge)
                commands.append(
                    Command.create(
                        {
                            "product_id": product.id, "quantity": 1, "price_unit": amount, "dropship_charge": charge,
                            "dropship_purchase_id": purchase.id, "tax_ids": [Command.clear()],
                        }
                    )
                )  # fmt: skip
        values = {
            "move_type": kind, "partner_id": purchase.partner_id.id, "invoice_date": fields.Date.today(), "ref": ref,
            "invoice_line_ids": commands, "company_id": self.company.id, "currency_id": purchase.currency_id.id,
        }  # fmt: skip
        move = self.env["account.move"].create({**values, **vals})
        if post:
            move.action_post()
        return move

    def match(self):
        """Look at all that moved."""
        self.env.flush_all()
        while self.env["dropship.bill.match"]._follow():
            pass
        self.env.invalidate_all()

    def row(self, purchase, kind="goods"):
        self.match()
        return self.env["dropship.bill.match"].search([("purchase_id", "=", purchase.id), ("kind", "=", kind)])

    def codes(self, reasons):
        return [code for code, _params in reasons or []]

    def held(self, bill):
        """Codes of what is written on the bill."""
        self.match()
        return self.codes(bill.dropship_bill_reasons)

    def accountant(self):
        """An accountant who dropships; the same again."""
        login = f"accountant-{self.company.id}"
        known = self.env["res.users"].search([("login", "=", login)])
        groups = self.env.ref("account.group_account_invoice") | self.env.ref("dropship_flow.group_dropship_user")
        return known or self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Karl", "login": login, "email": "karl@example.com", "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set((groups | self.env.ref("base.group_user")).ids)],
            }
        )  # fmt: skip
