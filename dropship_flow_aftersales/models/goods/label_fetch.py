"""Asking a carrier for a label: who asks says so before, and nothing of the case is locked while the carrier thinks."""

import logging
import re

from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.sheets.numbers import tidy
from odoo.exceptions import UserError

from ..case.locked import BUSY, locked
from .words import plain

_logger = logging.getLogger(__name__)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _cron_labels(self):
        """Have made what is wanted, one case after the other; each step is committed.

        That a carrier is asked is written down before, so that a program that stops in the middle asks nobody twice.
        """
        cron = self.env["ir.cron"]
        for case in self.search([("label_state", "=", "wanted")], order="id", limit=100):
            case._one_label(lambda case: case._fetch_label(cron._commit_progress))
        for case in self.search([("label_state", "=", "asking")], order="id", limit=100):
            case._one_label(type(self)._pick_up_label)

    def _one_label(self, work):
        try:
            work(self)
            self.env["ir.cron"]._commit_progress(1)
        except BUSY:  # somebody works on the case now; the next round sees what is left to do
            self.env.cr.rollback()

    # ------------------------------------------------------------------
    # Fetching
    # ------------------------------------------------------------------

    def _fetch_label(self, commit=lambda: None):
        """Have the label made and show it to the customer. Where it cannot be had, a person is asked to.

        :param commit: makes a step last: the case is free while the carrier thinks
        """
        self.ensure_one()
        case_sudo = self.sudo()  # the label is the system's, whoever asked for it
        if case_sudo._claim_label():
            commit()
            why = case_sudo._ask_carrier()
            commit()
            case_sudo._end_label(why)

    def _claim_label(self):
        """Whether this process is to ask: nobody else does, and a label is still needed."""
        locked(self)
        if self.label_state != "wanted":
            return False
        if not self._label_needed():
            self._set_label_state("off")
            return False
        carrier = self.company_id.dropship_return_carrier_id
        try:
            if not carrier:
                raise UserError(self.env._("No carrier makes return labels: choose one in the settings."))
            with self.env.cr.savepoint():
                picking = self._label_transfer(carrier, self._first_box(self._left_to_send()))
        except (UserError, ValueError) as error:
            self._label_failed(str(error))
            return False
        self._set_label_state("asking", label_picking_id=picking.id, label_asked_at=fields.Datetime.now())
        return True

    def _ask_carrier(self):
        """Ask as core does; the answer stays with the transfer. Nothing of the case is written here.

        :return str: why there is no label; empty: there is one
        """
        picking = self.label_picking_id.with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                told = picking.carrier_id.get_return_label(picking)
                told = told[0] if isinstance(told, list) and told else told
                if isinstance(told, dict):
                    picking.carrier_tracking_ref = told.get("tracking_number") or picking.carrier_tracking_ref
                    picking.carrier_price = told.get("exact_price") or picking.carrier_price
                self.env.flush_all()
        except UserError as error:
            return str(error)
        except Exception as error:  # a connector may fail with anything; the case goes on
            _logger.warning("No return label of %s for %s", picking.carrier_id.name, self.name, exc_info=True)
            return str(error) or type(error).__name__
        return "" if self._made_label() else self.env._("%s sent no label.", picking.carrier_id.name)

    def _made_label(self):
        self.label_picking_id.invalidate_recordset(["return_label_ids"])
        return self.label_picking_id.return_label_ids.sorted("id")[:1]

    def _end_label(self, why=""):
        """The answer reaches the case. The same one again changes nothing."""
        locked(self)
        if self.label_state != "asking":
            return
        made, picking = self._made_label(), self.label_picking_id
        if why or not made:
            self._label_failed(why)
            return
        if not self._label_needed():
            self._set_label_state("off")
            self._message_log(body=self.env._("The label of %s came too late.", picking.carrier_id.name))
            return
        try:
            with self.env.cr.savepoint():
                parcel = self._add_label(made.name, made.raw)
        except UserError as error:  # no paper a customer can print
            self._label_failed(str(error))
            return
        parcel._take_label(picking, made)
        self._set_label_state("done")
        self._tell("label", parcel.key)

    def _pick_up_label(self):
        """Somebody asked and was stopped: what the carrier made is taken; of what he may have made, nobody knows."""
        if self._made_label():
            self._end_label()
        elif not self.label_asked_at or self.label_asked_at < fields.Datetime.subtract(fields.Datetime.now(), hours=1):
            self._end_label(
                self.env._("Asking was interrupted: look at the carrier whether there is a label, before trying again.")
            )

    def _label_transfer(self, carrier, lines):
        """A draft of the transfer from the customer to us."""
        company = self.company_id
        kind = company._dropship_back_places().dropship_return_type_id
        order = self.line_ids.order_id[:1]
        places = {
            "location_id": self.env.ref("stock.stock_location_customers").id,
            "location_dest_id": kind.default_location_dest_id.id,
            "company_id": company.id,
        }
        moves = [
            {
                **places,
                "product_id": line.product_id.id,
                "product_uom": line.uom_id.id,
                "product_uom_qty": float(qty),
                "quantity": float(qty),
                "origin_returned_move_id": self._label_source(line).id,
            }
            for line, qty in lines.items()
            if line.product_id.type == "consu"
        ]
        return self.env["stock.picking"].with_company(company).create(
            {
                **places,
                "picking_type_id": kind.id,
                "partner_id": self._remedy_address(order, [(line,) for line in lines]).id,
                "origin": self.name,
                "carrier_id": carrier.id,
                "move_ids": [Command.create(move) for move in moves],
            }
        )  # fmt: skip

    def _label_source(self, line):
        """The delivery a line comes back from: core knows a return by it."""
        return line.order_line_id.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        )[:1]


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    def _set_label(self, name, content):
        """Override: a label made by hand leaves nothing to do."""
        result = super()._set_label(name, content)
        case_sudo = self.sudo().return_id
        if case_sudo.label_state in ("wanted", "failed"):
            case_sudo._set_label_state("off")
        return result

    def _take_label(self, picking, made):
        """What a label says of its parcel: number, carrier, price."""
        case, carrier = self.return_id, picking.carrier_id
        found = re.fullmatch(rf"{re.escape(carrier.get_return_label_prefix())}-(.+?)(-\d+)?\.\w+", made.name)
        number = tidy((picking.carrier_tracking_ref or "").split(",")[0] or (found[1] if found else ""))
        vals = {} if case._agreed("payer") else {"payer": "us"}
        if picking.carrier_price and not self.freight:
            vals["freight"] = picking.carrier_price
        try:
            if number:
                case._check_not_elsewhere(number)
                code, _title = case._back_carrier(number, None)
                vals |= {"number": number, "carrier_code": code, "carrier_name": carrier.name}
        except UserError as error:
            case._message_log(body=str(error))
        with self.env["dropship.allocation"]._first_come():
            self.write(vals)
            self.flush_recordset()
        self._adopt_news()

    def _hear(self, events):
        """Override: a label the carrier scanned says that the customer has sent what it is for."""
        scans = [event.at for event in events if self._is_scan(event)]
        if self.state == "expected" and self.label_id and scans:
            left = self.return_id._left_to_send()
            rows = [[line.id, plain(left[line])] for line in self.line_ids.line_id if left.get(line)]
            self._say("send", min(scans).replace(microsecond=0), lines=rows)
            self.return_id._after_send_back(self)
        return super()._hear(events)
