"""What left the supplier: parcels with numbers become done transfers, the rest goes on waiting."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..sheets import carriers

MAX_PARCELS = 200


class StockPicking(models.Model):
    _inherit = "stock.picking"

    dropship_carrier = fields.Char(
        string="Carrier as Written",
        copy=False,
        groups="base.group_user",
        help="Who carries the parcel, in the supplier's words.",
    )
    dropship_carrier_code = fields.Char(
        string="Carrier Code", copy=False, groups="base.group_user", help="Empty when the name is not known."
    )

    def _dropship_numbers_list(self):
        """The tracking numbers on a transfer."""
        self.ensure_one()
        return [number for number in (self.carrier_tracking_ref or "").split(",") if number]

    def _dropship_add_parcel(self, parcel):
        """Write a parcel's number and carrier beside those already here."""
        self.ensure_one()
        known = self._dropship_numbers_list()
        names = [name for name in (self.dropship_carrier or "").split(" / ") if name]
        if parcel["number"] not in known:
            known.append(parcel["number"])
        if parcel["carrier"] and parcel["carrier"] not in names:
            names.append(parcel["carrier"])
        codes = {carriers.code_of(name) for name in names}
        self.write(
            {
                "carrier_tracking_ref": ",".join(known),
                "dropship_carrier": " / ".join(names) or False,
                "dropship_carrier_code": codes.pop() if len(codes) == 1 else False,
            }
        )

    def _dropship_leave(self):
        """What is marked as picked left; the rest stays in a transfer of its own, whatever the operation type says."""
        quiet = {"skip_backorder": True, "skip_sms": True, "cancel_backorder": False, "dropship_packing": True}
        for picking in self.with_context(**quiet):
            if picking.picking_type_id.create_backorder == "never":
                picking._sanity_check()
                picking._action_done()
            else:
                picking.button_validate()


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_sku(self):
        """The supplier's name for what the line buys."""
        self.ensure_one()
        offer_sudo = self.sudo().dropship_allocation_ids.offer_id[:1]
        return offer_sudo.sku or self.product_id.default_code or ""

    def _dropship_factor(self):
        """How many reference units of the product one of the supplier's SKU holds."""
        self.ensure_one()
        return self.sudo().dropship_allocation_ids.offer_id[:1].factor or 1.0

    def _dropship_is_some(self, units):
        """Whether a quantity is more than a rounding."""
        self.ensure_one()
        unit = self.product_id.uom_id
        return bool(unit) and not unit.is_zero(units)

    def _dropship_units(self):
        """What was ordered, in reference units of the product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(self.product_qty, self.product_id.uom_id, round=False)

    def _dropship_out_moves(self):
        """The moves to the customer; cancelled ones, returns and what never left are left aside."""
        moves = self.move_ids.filtered(
            lambda move: move.state != "cancel" and not move.origin_returned_move_id and not move.dropship_reverted
        )
        return moves.filtered(lambda move: move.location_dest_id.usage == "customer")

    def _dropship_left(self, pickings=None):
        """How much of the line left, in reference units; of a kit only what left whole.

        :param pickings: count these transfers only
        """
        self.ensure_one()
        moves = self._dropship_out_moves()
        done = moves.filtered(lambda move: move.state == "done")
        if pickings is not None:
            done = done.filtered(lambda move: move.picking_id in pickings)
        share = 1.0
        for product, same in moves.grouped("product_id").items():
            planned = sum(_units(move) for move in same)
            moved = sum(_units(move) for move in done if move.product_id == product)
            share = min(share, moved / planned if planned else 1.0)
        return share * self._dropship_units() if moves else 0.0

    def _dropship_open_units(self):
        """How much still waits to leave, in reference units."""
        self.ensure_one()
        return max(self._dropship_units() - self._dropship_left(), 0.0)

    def _dropship_pick(self, units):
        """Mark `units` of the line's waiting moves as taken.

        :return: their transfers
        """
        self.ensure_one()
        moves = self._dropship_out_moves()
        share = units / (self._dropship_units() or 1.0)
        for _product, same in moves.grouped("product_id").items():
            left = sum(_units(move) for move in same) * share
            for move in same.filtered(lambda move: move.state != "done").sorted("id"):
                unit = move.product_id.uom_id
                take = min(left, _units(move))
                left -= take
                if not unit.is_zero(take):
                    move.quantity = unit._compute_quantity(unit.round(take), move.product_uom)
                    move.picked = True
        return moves.filtered(lambda move: move.picked and move.state != "done").picking_id


def _units(move):
    """What a move carries or is to carry, in reference units of its product."""
    quantity = move.quantity if move.state == "done" else move.product_uom_qty
    return move.product_uom._compute_quantity(quantity, move.product_id.uom_id, round=False)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_take_parcels(self, parcels):
        """Note parcels that left: exactly their goods are gone, the rest goes on waiting.

        A parcel is a statement of what is under a number: said again it changes nothing; with more in it than was
        known, the difference left as well. A parcel that names no goods holds all that still waits, several of them
        hold it together. A line of quantity 0 means: what is still open of it.

        :param list parcels: as in `connectors.answer`; quantities in units of the supplier's SKU
        :return: the transfers that left
        :raise UserError: in words for who wrote the notice; nothing is changed then
        """
        self.ensure_one()
        order_sudo = self.sudo()  # the supplier's word moves our stock, whoever brought it
        with self.env.cr.savepoint():
            order_sudo.lock_for_update(allow_referencing=True)
            order_sudo._dropship_check_can_leave()
            merged = order_sudo._dropship_merge_parcels(parcels)
            order_sudo._dropship_check_numbers(merged)
            if order_sudo.state == "sent":
                order_sudo._dropship_accept()
            plan = order_sudo._dropship_plan_parcels(merged)
            return order_sudo._dropship_send_parcels(plan)

    def _dropship_check_can_leave(self):
        if self.state == "cancel":
            raise UserError(
                self.env._("%s was cancelled. Please do not ship it; if it left already, ask us.", self.name)
            )
        if not self.dropship_warehouse_id or self.state not in ("sent", "purchase"):
            raise UserError(self.env._("%s is not open for an answer. Please ask us.", self.name))

    def _dropship_merge_parcels(self, parcels):
        """{number: {"number", "carrier", "wanted": {line: units or None}}}, each number once.

        `wanted` None means all that waits.
        """
        if not parcels:
            raise UserError(self.env._("Enter the tracking number from the label."))
        if len(parcels) > MAX_PARCELS:
            raise UserError(self.env._("More than %s parcels for one order. Please ask us.", MAX_PARCELS))
        merged = {}
        for parcel in parcels:
            carrier = (parcel.get("carrier") or "").strip()[:100]
            number, *boxes = self._dropship_numbers(parcel.get("number"))
            found = merged.setdefault(number, {"number": number, "carrier": carrier, "wanted": None})
            found["carrier"] = found["carrier"] or carrier
            for box in boxes:  # several numbers in one cell: further boxes of the same goods
                wanted = {} if parcel.get("lines") else None
                merged.setdefault(box, {"number": box, "carrier": carrier, "wanted": wanted})
            for line in parcel.get("lines") or ():
                found["wanted"] = found["wanted"] or {}
                for order_line, units in self._dropship_lines_meant(line, found["wanted"]):
                    known = found["wanted"].get(order_line, 0.0)
                    found["wanted"][order_line] = None if None in (units, known) else known + units
        return merged

    def _dropship_lines_meant(self, line, taken):
        """[(purchase line, units or None)] an entry of a parcel speaks of; one SKU may stand in several lines."""
        key, sku = str(line.get("line") or ""), (line.get("sku") or "").strip()
        lines = self.order_line.filtered(lambda row: row.product_id and row.product_qty)
        found = lines.filtered(lambda row: str(row.id) == key) if key else lines.browse()
        if not key and sku:
            found = lines.filtered(lambda row: row._dropship_sku().casefold() == sku.casefold())
        if not found:
            raise UserError(
                self.env._("%(sku)s is not on %(purchase)s. Please check the row.", sku=sku or key, purchase=self.name)
            )
        if key and sku and found._dropship_sku() and found._dropship_sku().casefold() != sku.casefold():
            raise UserError(
                self.env._(
                    "The row says %(sku)s, but its line of %(purchase)s is %(other)s: cells got mixed up.",
                    sku=sku,
                    purchase=self.name,
                    other=found._dropship_sku(),
                )
            )
        quantity = line.get("qty") or 0.0
        if not quantity:
            return [(row, None) for row in found]
        return self._dropship_spread(found, quantity, taken)

    def _dropship_spread(self, lines, quantity, taken):
        """Quantity of one SKU over the lines that bought it, the first ones first; the last takes what is too much."""
        result = []
        for line in lines:
            factor = line._dropship_factor()
            units = quantity * factor
            if line != lines[-1]:
                units = min(units, max(line._dropship_units() - (taken.get(line) or 0.0), 0.0))
            if units:
                result.append((line, units))
            quantity -= units / factor
        return result

    def _dropship_plan_parcels(self, merged):
        """[(parcel, {line: units})] of what is new: nothing is moved yet.

        :raise UserError: when more leaves than waits
        """
        known = self._dropship_known_numbers()
        waiting = {line: line._dropship_open_units() for line in self.order_line}
        plan, open_ended = [], []
        for number, parcel in merged.items():
            if parcel["wanted"] is None:
                if number not in known:
                    open_ended.append(parcel)
                continue
            goods = {}
            for line, units in parcel["wanted"].items():
                before = line._dropship_told(number, known[number]) if number in known else 0.0
                goods |= self._dropship_take_of(line, parcel, units, before, waiting)
            if goods or number not in known:
                plan.append((parcel, goods))
        if open_ended:
            rest = {line: units for line, units in waiting.items() if line._dropship_is_some(units)}
            plan.append((open_ended[0], rest))
            plan += [(parcel, {}) for parcel in open_ended[1:]]
        return plan

    def _dropship_take_of(self, line, parcel, units, before, waiting):
        """{line: units} a parcel takes of what waits of a line; {} when all of it is known."""
        if units is None:
            units = 0.0 if before else waiting[line]
        else:
            units -= before
        if units <= 0 or not line._dropship_is_some(units):
            return {}
        if line.product_id.uom_id.compare(units, waiting[line]) > 0:
            factor = line._dropship_factor()
            raise UserError(
                self.env._(
                    "%(number)s holds %(wanted)s of %(sku)s, but only %(open)s wait to be shipped on %(purchase)s.",
                    number=parcel["number"],
                    wanted=f"{units / factor:g}",
                    sku=line._dropship_sku() or line.product_id.display_name,
                    open=f"{waiting[line] / factor:g}",
                    purchase=self.name,
                )
            )
        waiting[line] -= units
        return {line: units}

    def _dropship_send_parcels(self, plan):
        """Validate a transfer for each parcel; a further box of goods that left goes beside the number before it.

        Where the supplier's word alone does not count, boxes are announced and leave at their first scan.

        :return: the transfers
        """
        left = self.env["stock.picking"]
        for parcel, goods in self._dropship_announce_parcels(plan):
            pickings = self.env["stock.picking"]
            if goods:
                self._dropship_waiting_transfers().move_ids.filtered("picked").picked = False
            for line, units in goods.items():
                pickings |= line._dropship_pick(units)
            if not pickings:
                target = (left or self._dropship_done_transfers()).sorted("id")[-1:]
                if not target:
                    raise UserError(self.env._("Nothing of %s waits to be shipped.", self.name))
                target._dropship_add_parcel(parcel)
                target._dropship_pack(parcel, part=True)
                continue
            for picking in pickings:
                picking._dropship_add_parcel(parcel)
            pickings._dropship_leave()
            pickings._dropship_pack(parcel)
            left |= pickings
        return left
