"""A parcel nobody took (拒收): a case by itself, its goods expected back, money only as agreed once they are there."""

import logging

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, LockError, UserError

from ...casework import Offer
from .words import plain

_logger = logging.getLogger(__name__)
WITH_MONEY = ("return", "refund_only", "cancel", "intercept")
CONDITION_OF = {"good": "as_new", "opened": "opened", "damaged": "damaged"}


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _expect_back(self, reason, place="supplier"):
        """Override: what turns round is a case, with the goods expected back."""
        back = super()._expect_back(reason, place)
        back.sudo()._open_case()  # carriers' words are the system's
        return back

    def _after_fold(self, changes):
        """Override: the carrier's word that it is back at the sender is the arrival of its goods."""
        result = super()._after_fold(changes)
        for shipment, change in changes.items():
            code = {"returned": "arrive", "lost": "lose"}.get(change.new) if change.new != change.old else None
            parcels = shipment.sudo().back_ids.return_parcel_ids if code else ()
            for parcel in parcels:
                parcel._say(code, (shipment.status_at or fields.Datetime.now()).replace(microsecond=0))
        return result

    def _goods_of_sales(self):
        """{sale line: quantity in this box, in the unit of the sale}; of a kit as many as its scarcest part makes."""
        self.ensure_one()
        found = {}
        for line, rows in self.line_ids.filtered(lambda row: not row.is_part).grouped("sale_line_id").items():
            if not line or line.order_id.state != "sale":
                continue
            shares = []
            for product, wanted, _component in self.env["dropship.router"]._components(line)[line]:
                here = sum(rows.filtered(lambda row, product=product: row.product_id == product).mapped("qty"))
                shares += [here / wanted] if wanted and here else []
            if shares:
                found[line] = round(min(min(shares), 1.0) * line.product_uom_qty, 6)
        return found


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_settled_units(self):
        """How many of a line were paid back or otherwise settled already, in its unit."""
        self.ensure_one()
        notes = self.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_refund" and line.parent_state != "cancel"
        )
        credited = sum(note.product_uom_id._compute_quantity(note.quantity, self.product_uom_id) for note in notes)
        cases = self.dropship_return_line_ids.return_id.filtered(
            lambda case: case.resolution_ids.filtered(lambda one: one.state == "done")
        )
        agreed = sum(
            float(qty)
            for resolution in cases.resolution_ids
            if resolution.state == "done" and resolution.kind != "nothing"
            for line, qty in resolution._line_quantities().items()
            if line.order_line_id == self
        )
        return max(credited, agreed)


class DropshipParcelBack(models.Model):
    _inherit = "dropship.parcel.back"

    return_parcel_ids = fields.One2many("dropship.return.parcel", "back_id", readonly=True)

    def _set_state(self, target, **vals):
        """Override: the case hears that nothing comes back after all."""
        moved = super()._set_state(target, **vals)
        if target in ("cancelled", "destroyed"):
            for parcel in moved.sudo().return_parcel_ids:
                parcel._not_coming(target)
        return moved

    def _after_arrival(self):
        """Override: whoever has it said how it came: that is count and inspection in one."""
        result = super()._after_arrival()
        for back in self:
            for parcel in back.sudo().return_parcel_ids:
                rows = [
                    [line.line_id.id, CONDITION_OF[back.condition or "good"], plain(line.qty)]
                    for line in parcel.line_ids
                    if line.qty
                ]
                if rows:
                    parcel.photo_ids |= back.sudo().photo_ids
                    parcel.return_id._record(
                        "inspect", "agent", check=False, parcel=parcel.key, lines=rows, key=f"{parcel.key} back"
                    )
        return result

    def _open_case(self):
        """Open the case of a parcel that turned round, or put it to the one there is. Repeats are silent.

        What cannot be opened is a person's: the parcel says why.
        """
        for back in self.filtered(lambda back: back.state == "expected" and back.place != "destroyed"):
            if back.return_parcel_ids:
                continue
            try:
                with self.env.cr.savepoint():
                    back._put_to_case()
            except LockError as error:  # somebody works on the order: all of it is read again
                raise ConcurrencyError(str(error)) from error
            except UserError as error:
                _logger.info("No case of the returned parcel %s: %s", back.shipment_id.id, error)
                back.message_post(body=self.env._("No case was opened: %s", str(error)))

    def _put_to_case(self):
        goods = self.shipment_id._goods_of_sales()
        if not goods:
            return
        cases = self.env["dropship.return"]
        lines = self.env["sale.order.line"].union(*goods)
        known = lines.dropship_return_line_ids.return_id.filtered(
            lambda case: case.acceptance not in ("refused", "cancelled")
        )
        fresh = {}
        in_cases = lines._dropship_in_cases()
        for line, qty in goods.items():
            left = line.product_uom_qty - max(line._dropship_settled_units(), in_cases[line])
            if line.product_uom_id.compare(min(qty, left), 0.0) > 0:
                fresh[line] = min(qty, left)
        if fresh:
            case = cases._open(lines.order_id, self._request_rows(fresh), "system", **self._request_facts())
            self._settle_unpaid(case)
        elif known:
            case = known.sorted("id")[-1:]
        else:
            self.message_post(body=self.env._("The customer has his money already: only the goods are expected."))
            return
        self._expect_in(case, goods)

    def _request_rows(self, goods):
        reason = self._case_reason()
        wanted = "nothing" if self._is_unpaid() else (reason.outcome or "return")
        return [{"order_line": line, "qty": qty, "reason": reason, "wanted": wanted} for line, qty in goods.items()]

    def _request_facts(self):
        words = dict(self._fields["reason"]._description_selection(self.env))
        note = self.env._(
            "The parcel %(number)s comes back: %(reason)s.",
            number=self.shipment_id.number,
            reason=words[self.reason],
        )
        return {"origin": "parcel", "kind": "refused_parcel", "key": f"parcel back {self.id}", "note": note}

    def _case_reason(self):
        """The reason a customer would have chosen; the first one for refused parcels, made where all were removed."""
        reasons = self.env["dropship.return.reason"]
        found = reasons.search(
            [
                ("kind", "=", "refused_parcel"),
                ("company_id", "in", (self.company_id.id, False)),
                ("child_ids", "=", False),
            ],
            order="sequence, id",
            limit=1,
        )
        return found or reasons.create(
            {
                "name": self.env._("Parcel Refused"),
                "code": "parcel_came_back",
                "kind": "refused_parcel",
                "absent": True,
                "public": False,
            }
        )

    def _is_unpaid(self):
        """Nothing was paid before: the carrier was to collect it, and did not."""
        self.ensure_one()
        rows = self.env["dropship.collection"].search([("shipment_id", "=", self.shipment_id.id)])
        return bool(rows.filtered(lambda row: row.state in ("planned", "out", "refused")))

    def _settle_unpaid(self, case):
        """Nothing was paid, so nothing is paid back; the goods are expected all the same."""
        if not self._is_unpaid() or case.acceptance not in ("asked", "negotiating"):
            return
        place = "us" if self.place == "us" else "supplier"
        offer = Offer(
            "nothing", tuple((line.id, line._decimal()) for line in case.line_ids), to=place, after="received"
        )
        case._record("accept", "system", offer=offer, text=self.env._("Cash on delivery: nothing was paid."))

    def _expect_in(self, case, goods):
        """The parcel with its contents, on its way back, in the case."""
        rows = []
        for line, qty in goods.items():
            mine = case.line_ids.filtered(lambda row, line=line: row.order_line_id == line)[:1]
            if mine:
                rows.append((mine, plain(qty)))
        parcel = case._make_parcel(
            [line for line, _qty in rows],
            place="us" if self.place == "us" else "supplier",
            number=self.number or self.shipment_id.number,
            carrier_code=self.shipment_id.carrier_code,
            carrier_name=self.shipment_id.carrier_name,
            back_id=self.id,
            freight=self.freight_back,
            payer=self.freight_back_payer,
        )
        case._record(
            "send",
            "system",
            check=False,
            parcel=parcel.key,
            lines=[[line.id, qty] for line, qty in rows],
            key=f"{parcel.key} back sent",
        )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _offer_from(self, kind, lines=None, amount=None):
        """Override: of a parcel that turned round only the carrier has spoken: money waits until somebody counted."""
        offer = super()._offer_from(kind, lines, amount)
        if self.origin == "parcel" and not offer.to and kind in WITH_MONEY:
            return offer._replace(to=self._place_of_refused(), after="received")
        place = self._turned_to(offer) if kind == "intercept" else ""
        if not place:
            return offer
        # The law does not let us wait for more than the proof that they were sent.
        return offer._replace(to=place, after="sent" if self.withdrawal else "received")

    def _turned_to(self, offer):
        """Where the parcels with these goods are expected back; "" where one of them is still on its way out."""
        lines = self.env["dropship.return.line"].sudo().browse([line for line, _qty in offer.lines])
        boxes = lines.order_line_id.dropship_shipment_line_ids.shipment_id
        boxes = boxes.filtered(lambda box: box.state != "reverted" and box.status != "delivered")
        backs = boxes.back_ids.filtered(lambda back: back.state == "expected" and back.place != "destroyed")
        if not boxes or backs.shipment_id != boxes:
            return ""
        return "us" if "us" in backs.mapped("place") else "supplier"

    def _place_of_refused(self):
        """Where the parcel goes that opened this case: supplier or us."""
        backs = self.line_ids.order_line_id.dropship_shipment_line_ids.shipment_id.back_ids
        return "us" if "us" in backs.filtered(lambda back: back.state == "expected").mapped("place") else "supplier"

    def _return_instructions(self):
        """Override: what comes back by itself nobody sends."""
        if self.origin == "parcel":
            return [self.env._("You need not do anything: the parcel is on its way back already.")]
        return super()._return_instructions()


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    freight_out = fields.Monetary(related="back_id.freight_out", string="Freight Out")
    freight_out_payer = fields.Selection(related="back_id.freight_out_payer", string="Pays the Way Out")

    def _not_coming(self, why):
        """The refused parcel was delivered after all, or destroyed there."""
        self.ensure_one()
        case = self.return_id
        text = (
            self.env._("The parcel was delivered after all.")
            if why == "cancelled"
            else self.env._("The parcel was destroyed by the carrier.")
        )
        self._say("lose", text=text)  # not on its way any more: of what never came nothing is received
        self._say("not_coming")
        if why != "cancelled":
            return
        if "refuse" in case._verbs("system"):
            case._record("refuse", "system", text=text)
        elif "close" in case._verbs("agent"):  # nothing comes that the agreement waits for
            case._record("close", "system", text=text, check=False)
