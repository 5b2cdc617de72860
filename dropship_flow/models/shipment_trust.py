"""Whose word moves the stock: the supplier's at once, or the carrier's first scan."""

from odoo import api, fields, models
from odoo.exceptions import UserError

TRUST = [("notice", "When the supplier says so"), ("scan", "When the carrier scans the parcel first")]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_ship_trust = fields.Selection(
        TRUST,
        string="Goods of New Suppliers Have Left",
        default="notice",
        required=True,
        groups="base.group_user",
        help="What new suppliers start with. It can be changed on each supplier.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_ship_trust = fields.Selection(related="company_id.dropship_ship_trust", readonly=False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    ship_trust = fields.Selection(
        TRUST,
        string="Goods Have Left",
        default="notice",
        required=True,
        tracking=True,
        help="Whose word validates the transfer to the customer. With the scan nothing counts as delivered, and "
        "nothing is invoiced by delivery, before the carrier really has the parcel.",
    )

    @api.model
    def default_get(self, fields):
        """Override: new suppliers begin as the company has it."""
        values = super().default_get(fields)
        if "ship_trust" in fields and "default_ship_trust" not in self.env.context:
            values["ship_trust"] = self.env.company.sudo().dropship_ship_trust  # whoever may add a supplier
        return values


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    beside_id = fields.Many2one(
        "dropship.shipment", string="Goods Counted In", ondelete="set null", help="The box whose goods it shares."
    )

    def _after_fold(self, changes):
        """Override: the carrier has seen it – goods that were only announced have left."""
        result = super()._after_fold(changes)
        seen = self.browse([shipment.id for shipment in changes]).filtered(lambda box: box._is_seen_anew())
        seen._dispatch_at_scan()
        return result

    def _is_seen_anew(self):
        """Whether a carrier had the parcel in its hands since we bought it, and the goods still wait with us."""
        self.ensure_one()
        if self.state not in ("announced", "reverted") or not self.moved_at or not self.current:
            return False
        bought = min(self.sudo().purchase_ids.mapped("create_date"), default=None)
        since = max(filter(None, [bought, self.state == "reverted" and self.reverted_at]), default=None)
        return bool(since) and self.moved_at >= since.replace(microsecond=0, second=0)

    def _dispatch_at_scan(self):
        """Validate what is in the boxes; what cannot be becomes an exception, for the event counts all the same."""
        for shipment in self:
            try:
                with self.env.cr.savepoint():
                    shipment._dispatch()
            except UserError as error:
                shipment._raise_stuck(error)

    def _dispatch(self):
        """The goods in these boxes left: their transfers are validated for exactly these quantities, once.

        :raise UserError: in words, when they cannot have left; nothing is changed then
        """
        for shipment_sudo in self.sudo():  # a carrier's word moves our stock, whoever brought it
            if shipment_sudo.state not in ("announced", "reverted"):
                continue
            shipment_sudo._take_rows()
            left_at = shipment_sudo.first_scan_at if shipment_sudo.state == "announced" else False
            shipment_sudo.with_context(dropship_left_at=left_at or fields.Datetime.now())._dispatch_one()

    def _dispatch_one(self):
        self.ensure_one()
        goods = self.line_ids.filtered(lambda line: not line.is_part and not line.move_id)
        if not self.line_ids:
            raise UserError(self.env._("Nothing is in parcel %s: enter what it holds first.", self.number))
        if not goods:
            self._join_beside()
            return
        pickings = self.env["stock.picking"]
        for purchase, lines in goods.grouped(lambda line: line.purchase_line_id.order_id).items():
            pickings |= self._take_out(purchase, lines)
        parcel = {"number": self.number, "carrier": self.carrier_name or self.carrier_title or ""}
        for picking in pickings:
            picking._dropship_add_parcel(parcel)
        pickings._dropship_leave()
        pickings._dropship_pack(parcel, shipment=self)

    def _take_out(self, purchase, lines):
        """Mark the goods of a purchase as taken. :return: the transfers"""
        purchase.lock_for_update(allow_referencing=True)
        purchase._dropship_check_can_leave()
        if purchase.state == "sent":
            purchase._dropship_accept()
        purchase._dropship_waiting_transfers().move_ids.filtered("picked").picked = False
        pickings = self.env["stock.picking"]
        for purchase_line, own in lines.grouped("purchase_line_id").items():
            units = sum(own.mapped("qty"))
            waiting = max(purchase_line._dropship_units() - purchase_line._dropship_left(), 0.0)
            if purchase_line.product_id.uom_id.compare(units, waiting) > 0:
                raise UserError(
                    self.env._(
                        "%(number)s holds %(wanted)s %(product)s, but only %(open)s wait to be shipped on "
                        "%(purchase)s.",
                        number=self.number,
                        wanted=f"{units:g}",
                        product=purchase_line.product_id.display_name,
                        open=f"{waiting:g}",
                        purchase=purchase.name,
                    )
                )
            pickings |= purchase_line._dropship_pick(units)
        return pickings

    def _join_beside(self):
        """A further box of goods that are counted in another one: they left together."""
        main = self.beside_id
        if main.state == "announced":
            main._dispatch_one()
        pickings = main.picking_ids.filtered(lambda picking: picking.state == "done")
        if main.state != "dispatched" or not pickings:
            raise UserError(self.env._("The goods of parcel %s are counted in no box that left.", self.number))
        parcel = {"number": self.number, "carrier": self.carrier_name or self.carrier_title or ""}
        for picking in pickings:
            picking._dropship_add_parcel(parcel)
        pickings._dropship_pack(parcel, part=True, shipment=self)

    def action_dispatch(self):
        """A person knows that it left: do not wait for a scan."""
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise UserError(self.env._("Ask the order desk: it says what left."))
        self._dispatch()
        return True


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_all_announced = fields.Boolean(
        string="Waits for a Scan",
        compute="_compute_dropship_all_announced",
        store=True,
        groups="base.group_user",
        help="The supplier has said that all of it left; the carrier has not scanned it yet.",
    )

    @api.depends(
        "state",
        "order_line.product_qty",
        "order_line.qty_received",
        "order_line.dropship_shipment_line_ids.qty",
        "order_line.dropship_shipment_line_ids.move_id",
        "order_line.dropship_shipment_line_ids.shipment_id.state",
    )
    def _compute_dropship_all_announced(self):
        for order_sudo in self.sudo():
            announced = order_sudo.order_line.dropship_shipment_line_ids.filtered(lambda row: row._is_announced())
            lines = order_sudo.order_line.filtered("product_qty")
            order_sudo.dropship_all_announced = bool(announced) and not any(
                line._dropship_is_some(line._dropship_open_units()) for line in lines
            )

    def _dropship_announced_boxes(self):
        """The boxes of these purchases that were announced and not scanned yet."""
        return self.order_line.dropship_shipment_line_ids.filtered(lambda row: row._is_announced()).shipment_id

    def _dropship_done_transfers(self):
        """The transfers to the customer that left, and were not taken back."""
        done = self.picking_ids.filtered(lambda picking: picking.state == "done" and not picking.return_id)
        return done.filtered(lambda picking: not all(picking.move_ids.mapped("dropship_reverted")))

    def _dropship_known_numbers(self):
        """{number: transfers it left with}; announced numbers have none."""
        known = {box.number: self.env["stock.picking"] for box in self._dropship_announced_boxes()}
        for picking in self._dropship_done_transfers():
            for number in picking._dropship_numbers_list():
                known[number] = known.get(number, self.env["stock.picking"]) | picking
        return known

    def _dropship_announce_parcels(self, plan):
        """Keep what waits for a scan as announced boxes.

        :return: the part of the plan that leaves at once
        """
        if self.dropship_warehouse_id.supplier_id.ship_trust != "scan" or self.env.context.get("dropship_left"):
            return plan
        now, last = [], self.env["dropship.shipment"]
        for parcel, goods in plan:
            box = self._dropship_announced_box(parcel)
            if box.state == "dispatched":  # the carrier has it: more was in it than we knew
                now.append((parcel, goods))
                continue
            if goods:
                box._plan_goods(goods)
            elif not box.line_ids:
                main = last or self._dropship_announced_boxes().sorted("id")[-1:]
                if not main:  # what it belongs to has left already
                    now.append((parcel, goods))
                    continue
                box._plan_beside(main)
            last = last if box.beside_id else box
            box._check_number()
            if box._is_seen_anew():  # the carrier was quicker than the notice
                box._dispatch_at_scan()
        return now

    def _dropship_announced_box(self, parcel):
        picking = (self._dropship_waiting_transfers() or self.picking_ids).sorted("id")[:1]
        if not picking:
            raise UserError(self.env._("Nothing of %s waits to be shipped.", self.name))
        return picking._dropship_box(parcel["number"], parcel.get("carrier"))


class DropshipShipmentContents(models.Model):
    _inherit = "dropship.shipment"

    def _plan_goods(self, goods):
        """The goods are said to be in the box; nothing is moved yet.

        :param dict goods: {purchase line: reference units}
        """
        for line, units in goods.items():
            known = self.line_ids.filtered(lambda row, line=line: row.purchase_line_id == line and row._is_announced())
            if known:
                known[0].qty += units
                continue
            self.env["dropship.shipment.line"].create(
                {
                    "shipment_id": self.id,
                    "purchase_line_id": line.id,
                    "sale_line_id": (line.dropship_allocation_ids.line_id or line.sale_line_id)[:1].id,
                    "product_id": line.product_id.id,
                    "qty": units,
                }
            )

    def _plan_beside(self, main):
        """A further box of the goods of another one."""
        self.beside_id = main
        for row in main.line_ids:
            row.copy({"shipment_id": self.id, "is_part": True})


class DropshipShipmentLine(models.Model):
    _inherit = "dropship.shipment.line"

    def _is_announced(self):
        """Whether the goods count as being in a box that has not been scanned."""
        self.ensure_one()
        return self.shipment_id.state == "announced" and not self.move_id and not self.is_part


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    dropship_shipment_line_ids = fields.One2many(
        "dropship.shipment.line", "purchase_line_id", groups="base.group_user", copy=False
    )

    def _dropship_announced(self, number=None):
        """How much of the line is in announced boxes, in reference units.

        :param number: count the box with this number only
        """
        self.ensure_one()
        rows = self.sudo().dropship_shipment_line_ids.filtered(lambda row: row._is_announced())
        return sum(row.qty for row in rows if number is None or row.shipment_id.number == number)

    def _dropship_told(self, number, pickings):
        """How much of the line is under a number, as far as we were told."""
        return self._dropship_left(pickings) + self._dropship_announced(number)

    def _dropship_open_units(self):
        """Override: what is announced need not be announced again."""
        return max(super()._dropship_open_units() - self._dropship_announced(), 0.0)


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _set_state(self, target, **vals):
        """Override: goods that wait for a scan left when they were scanned, not when we heard of it."""
        left_at = self.env.context.get("dropship_left_at")
        if target == "shipped" and left_at:
            vals.setdefault("shipped_at", left_at)
        return super()._set_state(target, **vals)
