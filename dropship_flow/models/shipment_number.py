"""Numbers that were wrong: edited, exchanged, voided, given twice, given away again."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..sheets import carriers
from ..sheets.numbers import tidy
from ..tracking import numbers

# A carrier gives a number to somebody else some time after the parcel ended, or was never seen again.
RECYCLED = timedelta(days=30)
FORGOTTEN = timedelta(days=90)
BY_SYSTEM = {
    "number", "carrier_code", "current", "state", "line_ids", "order_id", "partner_id", "company_id", "is_stray",
    "warehouse_id", "status", "detail", "status_at", "status_flags", "reached", "first_scan_at", "moved_at",
    "delivered_at", "announced_at", "dispatched_at", "reverted_at",
}  # fmt: skip


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    is_stray = fields.Boolean(
        string="Only Events", readonly=True, help="A number that was ours by mistake: it keeps what was said of it."
    )

    def write(self, vals):
        """Override: what a parcel is, and what became of it, changes by its buttons, with a reason."""
        if not self.env.su and BY_SYSTEM & vals.keys():
            raise UserError(
                self.env._("Use the buttons of the parcel: they ask for the reason and move what belongs to it.")
            )
        return super().write(vals)

    # ------------------------------------------------------------------
    # Is it one, and is it ours
    # ------------------------------------------------------------------

    def _check_number(self):
        """A person looks at numbers that cannot be right; they are kept, for our tables may be wrong as well."""
        for shipment in self:
            doubt = numbers.is_wrong(shipment.number, shipment.carrier_code or "")
            if doubt:
                params = {"number": shipment.number, "carrier": shipment.carrier_title or "?"}
                self.env["dropship.exception"]._raise_parcel(shipment, "number_doubtful", [["number_digit", params]])

    def _is_history(self):
        """Whether the carrier may have given the number to somebody else since."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.state == "reverted" or (self.is_final and (self.status_at or self.announced_at) < now - RECYCLED):
            return True
        return (self.moved_at or self.announced_at) < now - FORGOTTEN

    @api.model
    def _in_the_way(self, company, number, partner, purchases, orders=None, code=""):
        """The parcel that has the number already, where it cannot hold goods of these purchases too.

        Two orders to one door may lie in one box, unless it was delivered before the second was ordered.
        """
        domain = [("company_id", "=", company.id), ("number", "=", number), ("current", "=", True)]
        for box in self.sudo().search(domain):  # numbers are compared over all orders
            if (code and box.carrier_code and code != box.carrier_code) or box._is_history():
                continue
            if box.purchase_ids & purchases or (orders and box.order_ids & orders):
                continue
            ordered = min(purchases.mapped("create_date") or [fields.Datetime.now()])
            if box.partner_id != partner or (box.is_final and box.status_at and box.status_at < ordered):
                return box
        return self.browse()

    # ------------------------------------------------------------------
    # Corrections
    # ------------------------------------------------------------------

    def _check_desk(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Ask the order desk: it corrects numbers."))

    def _change_number(self, number, reason, carrier=None, leave=True):
        """The label says another number. What was said of the old one does not stay with the parcel.

        :param carrier: name or code; None: as it is
        :param bool leave: the events so far belong to another parcel
        :return bool: whether something changed
        """
        self.ensure_one()
        box_sudo, old = self.sudo(), self.number  # rights were asked for; the state is the system's
        wanted = tidy(number)
        if not wanted:
            raise UserError(
                self.env._(
                    '"%s" is no tracking number. It has 5 to 40 letters and digits.', (number or "").strip()[:40]
                )
            )
        vals = {"number": wanted} if wanted != old else {}
        code = carriers.code_of(carrier or "") or (carrier if carrier in carriers.CARRIERS else "")
        if carrier is not None and (code or None) != (self.carrier_code or None):
            vals |= {"carrier_code": code or False, "carrier_name": carriers.name_of(code) or carrier or False}
        elif wanted != old and carrier is None:
            guessed = numbers.sure(wanted, self.partner_id.country_id.code or "")
            vals |= {"carrier_code": guessed, "carrier_name": carriers.name_of(guessed)} if guessed else {}
        if not vals:
            return False
        box_sudo._make_way(wanted, code if carrier else "")
        box_sudo._take_rows()
        if leave:
            box_sudo._leave_events()
        box_sudo.write(vals)
        box_sudo._mirror({old: wanted})
        box_sudo._adopt_events()
        box_sudo._solve("number_doubtful", self.env._("The number was corrected"))
        box_sudo._check_number()
        self.message_post(
            body=self.env._("Number %(old)s corrected to %(new)s: %(why)s", old=old, new=wanted, why=reason)
        )
        box_sudo._after_number(old)
        return True

    def _make_way(self, number, code):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("number", "=", number),
            ("current", "=", True),
            ("id", "!=", self.id),
        ]
        for other in self.search(domain):
            if code and other.carrier_code and code != other.carrier_code:
                continue
            if not other._is_history():
                raise UserError(
                    self.env._(
                        "%(number)s is the number of another parcel (%(order)s). Exchange the two numbers if they were "
                        "mixed up, or correct the other one first.",
                        number=number,
                        order=", ".join(other.order_ids.mapped("name")) or other.id,
                    )
                )
            other.current = False
            other.flush_recordset(["current"])

    def _swap_with(self, other, reason):
        """Two parcels have each other's number; each gets what was said of its own."""
        self.ensure_one()
        if not other or other == self or other.company_id != self.company_id:
            raise UserError(self.env._("Choose the parcel whose number was mixed up with this one."))
        boxes_sudo = (self | other).sudo()
        mine, theirs = self.sudo(), other.sudo()
        boxes_sudo._take_rows()
        names = ("number", "carrier_code", "carrier_name")
        first, second = ({name: box[name] for name in names} for box in (mine, theirs))
        pickings = {box: box.picking_ids for box in boxes_sudo}
        mine.current = False
        mine.flush_recordset(["current"])
        theirs.write(second | first)
        theirs.flush_recordset()
        mine.write({**second, "current": True})
        for picking in boxes_sudo.picking_ids:
            swap = {first["number"]: second["number"]} if picking in pickings[mine] else {}
            swap |= {second["number"]: first["number"]} if picking in pickings[theirs] else {}
            picking._dropship_rename(swap)
        mine._exchange_events(theirs)
        for box, old in ((self, first["number"]), (other, second["number"])):
            text = self.env._("Number %(old)s exchanged for %(new)s: %(why)s", old=old, new=box.number, why=reason)
            box.message_post(body=text)
            box.sudo()._after_number(old)
        boxes_sudo._check_number()

    def _void(self, reason):
        """The label is not used: what it was to carry waits again, and its number is not ours any more."""
        for box in self:
            box_sudo = box.sudo()
            box._revert_dispatch(reason)
            box_sudo._leave_events()
            box_sudo.current = False
            box_sudo._say("cancelled", reason)
            box.message_post(body=self.env._("Number %(number)s voided: %(why)s", number=box.number, why=reason))
            box_sudo._after_number(box.number)

    def _mirror(self, renamed):
        """Keep core's field as the numbers are: {old: new}; an empty new one takes it away."""
        for picking in self.picking_ids:
            picking._dropship_rename(renamed)

    def _after_number(self, old):
        """The number or carrier of a parcel was corrected: whoever follows it has to be told. For other parts."""

    def action_correct(self):
        """Correct, exchange or void the number; the reason is asked for."""
        self.ensure_one()
        self._check_desk()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Number"),
            "res_model": "dropship.shipment.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_shipment_id": self.id},
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dropship_rename(self, renamed):
        """Change numbers on a transfer; each is named once."""
        self.ensure_one()
        known = self._dropship_numbers_list()
        now = list(dict.fromkeys(filter(None, (renamed.get(number, number) for number in known))))
        if now != known:
            names = dict.fromkeys(self.move_ids.dropship_shipment_line_ids.shipment_id.mapped("carrier_title"))
            said = " / ".join(filter(None, names))
            codes = {carriers.code_of(name) for name in filter(None, names)}
            vals = {"carrier_tracking_ref": ",".join(now) or False}
            if said:
                vals |= {"dropship_carrier": said, "dropship_carrier_code": codes.pop() if len(codes) == 1 else False}
            self.with_context(dropship_mirror=True).write(vals)

    def _dropship_clash(self, number):
        """The parcel that stands in the way of a number typed on this transfer."""
        self.ensure_one()
        purchases, orders = self.purchase_id, self.move_ids.sale_line_id.order_id
        door = purchases.dest_address_id or self.partner_id
        return self.env["dropship.shipment"]._in_the_way(self.company_id, number, door, purchases, orders)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_check_numbers(self, merged):
        """A number belongs to one order; only what goes to the same door may share a box.

        :param dict merged: {number: parcel}
        :raise UserError: in words for who wrote the notice
        """
        shipments = self.env["dropship.shipment"]
        used = [
            number
            for number, parcel in merged.items()
            if shipments._in_the_way(
                self.company_id, number, self.dest_address_id, self, code=carriers.code_of(parcel["carrier"])
            )
        ]
        used += self._dropship_old_numbers(merged)
        if used:
            raise UserError(
                self.env._(
                    "The number %s was given for another order already. Please check the label.", ", ".join(used)
                )
            )
        taken_back = self._dropship_reverted_numbers() & merged.keys()
        for number in taken_back:
            merged.pop(number)
        if taken_back and not merged:
            raise UserError(
                self.env._(
                    "You told us before that %s had left, and it had not. It counts when the carrier scans it; enter "
                    "another number if the label has changed.",
                    ", ".join(sorted(taken_back)),
                )
            )

    def _dropship_reverted_numbers(self):
        """The numbers of these purchases that were announced falsely."""
        boxes = self.order_line.dropship_shipment_line_ids.shipment_id
        return set(boxes.filtered(lambda box: box.state == "reverted" and box.current).mapped("number"))

    def _dropship_old_numbers(self, merged):
        """Which of the numbers stand on transfers to other doors that no parcel was made of."""
        words = Domain.OR(Domain("carrier_tracking_ref", "ilike", number) for number in merged)
        domain = Domain("company_id", "=", self.company_id.id) & Domain("id", "not in", self.picking_ids.ids)
        domain &= Domain("move_ids.dropship_shipment_line_ids", "=", False)
        domain &= Domain("create_date", ">", fields.Datetime.now() - FORGOTTEN)
        others = self.env["stock.picking"].search(domain & words)
        others = others.filtered(lambda picking: picking.move_ids.partner_id - self.dest_address_id)
        return [number for picking in others for number in picking._dropship_numbers_list() if number in merged]
