"""Return labels a carrier makes: fetched once what is to come to us can be sent, by whichever carrier of core can."""

import logging
import re

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..case.locked import BUSY, locked

_logger = logging.getLogger(__name__)
# Attempts of a connector to say what went wrong are long; a to-do is read at a glance.
LONGEST = 300


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_return_carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Return Labels By",
        check_company=True,
        help="Makes the labels of what customers send to us. Empty: customers send it themselves.",
    )

    @api.constrains("dropship_return_carrier_id")
    def _check_dropship_return_carrier(self):
        for carrier in self.sudo().dropship_return_carrier_id:
            if not carrier.can_generate_return:
                raise ValidationError(self.env._("%s makes no return labels: choose another method.", carrier.name))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_return_carrier_id = fields.Many2one(related="company_id.dropship_return_carrier_id", readonly=False)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    label_state = fields.Selection(
        [("wanted", "Asked For"), ("failed", "Failed"), ("done", "Made")],
        string="Return Label",
        readonly=True,
        copy=False,
    )
    label_error = fields.Char(string="Why There Is No Label", readonly=True, copy=False)

    _label_wanted = models.Index("(id) WHERE label_state = 'wanted'")

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _after_event(self, event, before, after):
        """Override: what can be sent now needs its label."""
        result = super()._after_event(event, before, after)
        self._want_label()
        return result

    def _after_time(self, before_stage, after):
        """Override: the same where silence decided."""
        result = super()._after_time(before_stage, after)
        self._want_label()
        return result

    def _want_label(self):
        """Ask for a label, once. A carrier is asked afterwards: what was decided never waits for him."""
        case_sudo = self.sudo()  # whoever decides need not read carriers
        if (
            case_sudo.label_state
            or case_sudo.stage != "send"
            or case_sudo.destination != "us"
            or case_sudo.parcel_ids.label_id
            or not case_sudo.company_id.dropship_return_carrier_id
            or self.env.context.get("dropship_invented")
        ):
            return
        case_sudo.label_state = "wanted"
        self.env.ref("dropship_flow_aftersales.cron_return_labels").sudo()._trigger()

    @api.model
    def _cron_labels(self):
        """Fetch what is wanted, each case in a transaction of its own: a label that was paid for is kept."""
        cases = self.search([("label_state", "=", "wanted")], order="id", limit=100)
        for number, case in enumerate(cases, 1):
            try:
                case._fetch_label()
            except BUSY:  # somebody works on it now; it is fetched in the next round
                self.env.cr.rollback()
                continue
            self.env["ir.cron"]._commit_progress(1, remaining=len(cases) - number)

    # ------------------------------------------------------------------
    # Fetching
    # ------------------------------------------------------------------

    def _fetch_label(self):
        """Have the label made and show it to the customer. Where it cannot be had, a person is asked to."""
        self.ensure_one()
        case_sudo = self.sudo()  # the label is the system's, whoever asked for it
        locked(case_sudo)
        if case_sudo.label_state not in ("wanted", "failed"):
            return
        lines = case_sudo._first_box(case_sudo._left_to_send())
        if not lines or case_sudo.parcel_ids.label_id:
            case_sudo.write({"label_state": "done", "label_error": False})
            return
        carrier = case_sudo.company_id.dropship_return_carrier_id
        try:
            with self.env.cr.savepoint():
                name, content, number = case_sudo._label_from(carrier, lines)
                parcel = case_sudo._add_label(name, content, list(lines))
                if number:
                    code, _title = case_sudo._back_carrier(number, None)
                    title = carrier.name
                    parcel.write({"number": number, "carrier_code": code, "carrier_name": title, "payer": "us"})
                    parcel.flush_recordset()
        except BUSY:
            raise
        except Exception as error:  # a connector may fail with anything; the case goes on
            _logger.warning("No return label of %s for %s", carrier.name, case_sudo.name, exc_info=True)
            case_sudo._label_failed(str(error)[:LONGEST])
            return
        case_sudo.write({"label_state": "done", "label_error": False})
        case_sudo.activity_ids.filtered(lambda todo: todo.summary == case_sudo._label_todo()).unlink()
        case_sudo._tell("label", parcel.key)

    def _label_todo(self):
        return self.env._("No return label for %s: try again, or add one by hand", self.name)

    def _label_failed(self, why):
        self.write({"label_state": "failed", "label_error": why})
        summary = self._label_todo()
        if not self.activity_ids.filtered(lambda todo: todo.summary == summary):
            user = self.user_id or self.env.ref("base.user_admin")
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=why, user_id=user.id)

    def _label_from(self, carrier, lines):
        """What a carrier makes for these goods.

        Connectors make labels of a transfer; ours is made when the goods are counted, so they get one that is thrown
        away.

        :param lines: {dropship.return.line: quantity}
        :return: (name of the file, its content, tracking number or "")
        """
        picking = self._label_transfer(carrier, lines)
        carrier.get_return_label(picking)
        picking.invalidate_recordset(["return_label_ids"])
        made = picking.return_label_ids.sorted("id")[:1]
        if not made:
            raise ValidationError(self.env._("%s sent no label.", carrier.name))
        found = re.fullmatch(rf"{re.escape(carrier.get_return_label_prefix())}-(.+?)(-\d+)?\.\w+", made.name)
        number = picking.carrier_tracking_ref or (found[1] if found else "")
        name, content = made.name, made.raw
        picking.unlink()
        return name, content, number

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
