"""Lives an invented life of a shop on the real models, by the verbs people press."""

import itertools
from decimal import Decimal

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_lives import Lived

from .business_facts import Line
from .business_lives import TAXES
from .business_model import Business
from .business_money import ONE, Row, rounded
from .common_business_world import BusinessWorld

FEES = {"commission": "commission", "payment_fee": "payment fee"}


class BusinessCase(Lived, BusinessWorld):
    """Lives are lived here: the plain account is told of each step, and the step is done by hand."""

    # -- a life ----------------------------------------------------------------------------------------------------

    def begin(self):
        self.business = Business()
        self.sold, self.lines, self.moves, self.numbers = {}, {}, {}, itertools.count(1)

    def play(self, step):
        """Tell the plain account, and do the same by hand where it is possible."""
        told = self.tell(step)
        if told is not None:
            getattr(self, f"do_{step.verb}")(step, **told)

    def tell(self, step):
        business, more = self.business, step.more
        if step.verb == "collect":
            return {}
        if step.verb == "sell":
            return business.sell(step.number, step.day, more["currency"], self.told_lines(more), more["market"])
        if step.verb in ("invoice", "credit", "bill"):
            return getattr(business, step.verb)(step.number, step.day, **more)
        if step.verb in ("pay", "payout", "typed", "close"):
            return getattr(business, step.verb)(day=step.day, **more)
        return getattr(business, step.verb)(**more)

    @staticmethod
    def told_lines(more):
        lines = [
            Line(one["what"], Row(one["quantity"], one["price"], *one["tax"], one["discount"]), one["supplier"],
                 one["costs"])
            for one in more["lines"]
        ]  # fmt: skip
        for what, price in (("shipping", more["shipping"]), ("coupon", -more["coupon"])):
            if price:
                lines.append(Line(what, Row(ONE, price, *TAXES[0])))
        return lines

    # -- orders ----------------------------------------------------------------------------------------------------

    def do_sell(self, step, order):
        commands = []
        for place, line in enumerate(order.lines):
            product = self.products[(line.what, place) if line.moves else line.what]
            row = line.row
            values = {
                "product_id": product.id, "product_uom_qty": float(row.quantity), "price_unit": float(row.price),
                "discount": float(row.discount),
                "tax_ids": [Command.set(self.taxes["sale", row.tax, row.inside].ids)],
            }  # fmt: skip
            commands.append(Command.create({**values, "is_delivery": line.what == "shipping"}))
        channel = self.market if order.market else self.env["dropship.sales.channel"]
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.anna.id, "company_id": self.company.id, "order_line": commands,
                "pricelist_id": self.pricelists[order.currency].id, "date_order": fields.Datetime.to_datetime(step.day),
                "client_order_ref": f"N-{step.number}", "dropship_channel_id": channel.id,
            }
        )  # fmt: skip
        self.sold[step.number] = sale
        for place, (line, sold) in enumerate(zip(order.lines, sale.order_line, strict=True)):
            self.lines[step.number, place] = sold
            if line.supplier is not None:
                self.price_of(line, sold.product_id)
                supplier = self.sources[line.supplier][0]
                self.env["dropship.line.choice"]._choose(sold, supplier, "pin", "test")
        sale.action_confirm()
        # orders that lose money wait for somebody who wants them all the same
        self.env["dropship.hold"].search([("order_id", "=", sale.id), ("state", "=", "open")]).action_release()
        self.equal(sale.state, "sale", "confirmed")
        for purchase in sale.dropship_purchase_ids:
            purchase._dropship_accept()
        self.equal(sale.currency_id.name, order.currency, "currency of the order")

    def price_of(self, line, product):
        for place, cost in enumerate(line.costs):
            part = self.parts(product)[place]
            self.offers_of[part, line.supplier].price = float(cost)

    def parts(self, product):
        bom = self.kits and product.product_tmpl_id.bom_ids
        return list(bom.bom_line_ids.product_id) if bom else [product]

    def bought(self, order, place):
        """Purchase lines of a line of an order, in the order of the parts."""
        sold = self.lines[order, place]
        rows = sold.dropship_allocation_ids.purchase_line_id
        found = [rows.filtered(lambda row, part=part: row.product_id == part) for part in self.parts(sold.product_id)]
        for row in found:
            row.ensure_one()
        return found

    def do_ship(self, step, moved):
        number, boxes = step.more["about"], {}
        for place, quantity in moved.items():
            if self.business.orders[number].lines[place].what == "own":
                self.hand_over(self.lines[number, place], float(quantity))
                continue
            for part, row in enumerate(self.bought(number, place), 1):
                boxes.setdefault(row.order_id, []).append((row, float(quantity * part)))
        for purchase, goods in boxes.items():
            self.told(purchase, f"BX{purchase.id:07d}{next(self.numbers):04d}", *goods)

    def hand_over(self, sold, quantity):
        move = sold.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        move.ensure_one()
        move.write({"quantity": quantity, "picked": True})
        (move.picking_id.move_ids - move).picked = False
        move._action_done()

    def do_cancel(self, step):
        self.sold[step.more["about"]]._action_cancel()

    def do_change(self, step, line, discount):
        order = self.sold[step.more["about"]]
        if line is not None:
            self.lines[step.more["about"], line].discount = float(discount)
        elif order.dropship_channel_id != self.market:
            order.dropship_channel_id = (
                self.env["dropship.sales.channel"] if order.dropship_channel_id else self.channel
            )

    # -- papers ----------------------------------------------------------------------------------------------------

    def do_invoice(self, step, paper):
        order = self.sold[step.more["about"]].with_context(default_invoice_date=step.day)
        invoice = order._create_invoices(final=True)
        self.post(step, invoice, paper)

    def do_credit(self, step, paper):
        about = self.moves[step.more["about"]]
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=about.ids)
            .create({"journal_id": about.journal_id.id, "date": step.day})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.write({"invoice_date": step.day, "date": step.day, "ref": f"C-{step.number}"})
        for line, row in zip(note.invoice_line_ids, paper.rows, strict=True):
            line.quantity = float(row.quantity)
        self.post(step, note, paper)

    def do_bill(self, step, paper):
        lines = []
        for row, (order, what, part) in zip(paper.rows, paper.names, strict=True):
            values = {
                "quantity": float(row.quantity), "price_unit": float(row.price),
                "tax_ids": [Command.set(self.taxes["purchase", row.tax, row.inside].ids)],
            }  # fmt: skip
            if part:
                line, place = part
                whose = self.business.orders[order].lines.index(line)
                bought = self.bought(order, whose)[place]
                values |= {"purchase_line_id": bought.id, "product_id": bought.product_id.id}
                purchase = bought.order_id
            else:
                product = self.env["account.move.line"]._dropship_charge_product(what)
                about = self.purchase_about(paper) if order is not None else self.env["purchase.order"]
                values |= {"product_id": product.id, "dropship_charge": what, "dropship_purchase_id": about.id,
                           "account_id": self.accounts["Cost of goods"].id}  # fmt: skip
            lines.append(Command.create(values))
        supplier = self.sources[step.more["supplier"]][0]
        dates = {"invoice_date": paper.day, **({"date": paper.day} if paper.day == paper.booked else {})}
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice", "partner_id": purchase.partner_id.id, "ref": f"B-{step.number}", **dates,
                "currency_id": self.currencies[paper.currency].id, "invoice_line_ids": lines,
                "dropship_supplier_id": supplier.id,
            }
        )  # fmt: skip
        self.post(step, bill, paper)

    def purchase_about(self, paper):
        order, _what, (line, _place) = paper.names[0]
        return self.bought(order, self.business.orders[order].lines.index(line))[0].order_id

    def post(self, step, move, paper):
        self.release(move)
        move.action_post()
        self.moves[step.number] = move
        self.equal(self.euro(move.amount_total), paper.whole, f"total of {step}")
        self.equal(move.date, paper.booked, f"day of {step}")
        self.equal(self.ours(move), paper.ours, f"open in euro after {step}")

    def ours(self, move):
        """What is open of a paper, in euro."""
        return self.euro(abs(sum(move.line_ids.filtered("account_id.reconcile").mapped("amount_residual"))))

    def release(self, move):
        """The accountant takes on himself whatever the matching holds against a bill."""
        if move.dropship_is_bill:
            self.env["dropship.bill.match"]._refresh(move._dropship_purchases(), move)
            if move._dropship_blockers():
                move._dropship_release("It is right")

    def do_drop(self, step):
        bill = self.moves[step.more["about"]]
        bill.button_draft()
        bill.button_cancel()

    # -- money -----------------------------------------------------------------------------------------------------

    def do_pay(self, step, paper, amount):
        move = self.moves[paper.key]
        self.release(move)
        register = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        values = {"payment_date": step.day, "journal_id": self.bank.id, "currency_id": move.currency_id.id}
        register.create({**values, "amount": float(amount)})._create_payments()
        self.equal(self.euro(move.amount_residual), paper.open, f"open after {step}")
        self.equal(self.ours(move), paper.ours, f"open in euro after {step}")

    def do_payout(self, step, sales, fees, rent):
        rows = [(f"N-{order.key}", "sale", str(amount)) for order, amount in sales]
        rows += [(f"N-{order.key}", FEES[kind], str(-amount)) for order, kind, amount in fees]
        rows += [("", "subscription", str(-rent))] if rent else []
        day = str(step.day)
        dates = {"Payout": f"P-{step.number}", "Payout Date": day, "Date": day}
        payout = self.enter(*rows, **dates, name=f"payout-{step.number}.csv")
        payout.action_post()
        for order, _amount in sales:
            self.equal(self.moves[order.papers[0]].amount_residual, 0.0, f"open after {step}")

    def do_typed(self, step, what, amount):
        self.typed(self.accounts["Sales"] if what == "sales" else self.rent, float(amount), step.day)

    def do_close(self, step, until):
        self.collect()
        self.company.fiscalyear_lock_date = until

    def do_collect(self, step):
        self.collect()
        self.compare(step)

    @staticmethod
    def euro(amount):
        """Cents of the ledger."""
        return rounded(Decimal(str(round(amount, 4))))
