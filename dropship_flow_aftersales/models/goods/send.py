"""The customer sends something back: where to, with which number, and what he reads about it."""

from decimal import Decimal

from odoo import Command, api, models
from odoo.addons.dropship_flow.address import ship_to
from odoo.addons.dropship_flow.sheets import carriers
from odoo.addons.dropship_flow.sheets.numbers import is_rounded, tidy
from odoo.addons.dropship_flow.tracking import numbers
from odoo.exceptions import UserError

from ..case.locked import locked
from .words import plain


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    # ------------------------------------------------------------------
    # Where to
    # ------------------------------------------------------------------

    def _return_address(self, warehouse=None):
        """Where the customer sends the goods: one text for each line of the label, empty while it is not to be shown.

        A supplier's address appears once he agreed, where his terms ask for that, and never with his name: the first
        line is our number of the case.

        :param warehouse: one of several suppliers' warehouses; None: that of the first line
        :return: [text, …]
        """
        self.ensure_one()
        if not self.destination:
            return []
        case_sudo = self.sudo()  # customers read lines of an address, not the records behind it
        if self.destination == "us":
            return case_sudo._our_address()
        if self.approval not in (False, "", "given"):
            return []
        warehouse_sudo = (warehouse and warehouse.sudo()) or case_sudo.line_ids.warehouse_id[:1]
        if not warehouse_sudo:
            return case_sudo._our_address()
        return case_sudo._address_of(warehouse_sudo)

    def _our_address(self):
        company = self.company_id
        partner = company.dropship_return_partner_id or company._dropship_back_warehouse().partner_id
        partner = partner or company.partner_id
        lines = ship_to.lines({**partner._dropship_ship_to(), "name": company.name, "company": ""})
        return [lines[0], self.name, *lines[1:], *filter(None, [partner.phone])]

    def _address_of(self, warehouse):
        """The lines of a supplier's return address, without any that names him."""
        partner = warehouse.return_partner_id
        if partner:
            address, phone = partner._dropship_ship_to(), partner.phone
        else:
            address, phone = self._warehouse_address(warehouse), False
        names = {warehouse.supplier_id.name, warehouse.supplier_id.partner_id.name, partner.commercial_company_name}
        names |= {partner.name, partner.commercial_partner_id.name, partner.parent_name}
        names = {name.casefold() for name in names if name}
        lines = ship_to.lines({**address, "name": "", "company": ""})
        lines = [line for line in lines if not any(name in line.casefold() for name in names)]
        return [self.name, *lines, *filter(None, [phone])]

    @api.model
    def _warehouse_address(self, warehouse):
        return ship_to.freeze(
            street=warehouse.street,
            street2=warehouse.street2,
            zip=warehouse.zip,
            city=warehouse.city,
            state=warehouse.state_id.code,
            state_name=warehouse.state_id.name,
            country=warehouse.country_id.code,
            country_name=warehouse.country_id.name,
        )

    def _return_instructions(self):
        """What the customer has to do with the goods: sentences in the language of env."""
        self.ensure_one()
        places = {figures.get("place") for figures in self._agreed("goods")}
        if "donate" in places:
            return [self.env._("You need not send anything back. Give the goods to somebody who can use them.")]
        if "destroy" in places:
            return [self.env._("You need not send anything back. Please dispose of the goods properly.")]
        if not self.destination:
            return []
        if not self._return_address():
            return [self.env._("We are preparing the return. The address follows; please do not send anything yet.")]
        return [
            self.env._("Pack the goods well, with everything that came with them."),
            self.env._("Put the return slip with the number %s into the parcel.", self.name),
            self.env._("Send the parcel to the address shown, and enter its tracking number here."),
            self.env._("Do not send it freight collect: such parcels are not accepted."),
        ]

    def _agreed(self, code):
        """The figures of a condition in all that is agreed: [{figure: value}, …]."""
        bound = self._fold().bound
        return [figures for one in bound for name, figures in one.offer.conditions if name == code]

    # ------------------------------------------------------------------
    # The number
    # ------------------------------------------------------------------

    def _send_back(self, number, carrier=None, lines=None, by="customer", **more):
        """A parcel is on its way back. The same number twice in a case is one parcel.

        :param str number: as the customer typed it
        :param str carrier: name or code; None: found from the number
        :param lines: {dropship.return.line: quantity} in it; None: all that is to come back and was not sent yet
        :param more: `key` of the message, `payer`, `freight` of `dropship.return.parcel`
        :return: the parcel
        :raises UserError: the number is none, or another parcel's; nothing is to be sent; more than is to come back
        """
        self.ensure_one()
        wanted = self._check_back_number(number, sure=by == "agent")
        case_sudo = self.sudo()  # the door asked whose case it is; parcels are written by the system
        locked(case_sudo)
        known = case_sudo.parcel_ids.filtered(lambda parcel: parcel.number == wanted)
        if known and known.state != "expected":
            return known
        case_sudo._check_can("send", by)
        case_sudo._check_not_elsewhere(wanted)
        quantities = case_sudo._check_back_lines(lines)
        parcel = known or case_sudo._expected_parcel(list(quantities)) or case_sudo._make_parcel(list(quantities))
        code, title = case_sudo._back_carrier(wanted, carrier)
        with self.env["dropship.allocation"]._first_come():
            who = {"carrier_code": code, "carrier_name": title}
            if known.carrier_name and not carrier:  # who made the label
                who = {}
            parcel.write({"number": wanted, **who, **self._parcel_vals(more)})
            parcel.flush_recordset()
        rows = [[line.id, plain(qty)] for line, qty in quantities.items()]
        case_sudo._record("send", by, parcel=parcel.key, lines=rows, key=more.get("key"))
        case_sudo._after_send_back(parcel)
        parcel._adopt_news()
        return parcel

    def _check_can(self, code, by):
        """Refuse before anything is written what cannot be done now."""
        folded = self._fold()
        if code not in self._verbs(by, folded):
            raise UserError(self._refusal(code, folded))

    def _add_label(self, name, content, lines=None):
        """A label for the customer to download, made by the supplier, an agent or a carrier.

        :param bytes content: PDF, PNG or JPEG
        :param lines: the dropship.return.line records it is for, in a list; None: what goes into the next parcel
        :return: the parcel it is for
        """
        self.ensure_one()
        case_sudo = self.sudo()  # the door asked for the right to add it
        locked(case_sudo)
        lines = lines or list(case_sudo._first_box(case_sudo._left_to_send()))
        if not lines:
            raise UserError(self.env._("Nothing of %s is to be sent back (any more).", self.name))
        parcel = case_sudo._expected_parcel(lines) or case_sudo._make_parcel(lines)
        parcel._set_label(name, content)
        return parcel

    def _after_send_back(self, parcel):
        """Hook: the customer's number is known; whoever receives the parcel is told at once."""

    @api.model
    def _parcel_vals(self, more):
        return {name: more[name] for name in ("payer", "freight") if more.get(name) is not None}

    @api.model
    def _check_back_number(self, number, sure=False):
        """:param bool sure: somebody who compared it; our tables of check digits may be wrong"""
        wanted = tidy(number)
        if not wanted:
            why = (
                self.env._("A spreadsheet has rounded it: type it from the receipt.")
                if is_rounded(number or "")
                else self.env._("It has 5 to 40 letters and digits: type it from the receipt.")
            )
            raise UserError(
                self.env._('"%(number)s" is no tracking number. %(why)s', number=(number or "").strip()[:40], why=why)
            )
        if not sure and numbers.is_wrong(wanted, numbers.sure(wanted)):
            raise UserError(
                self.env._(
                    "The last digit of %s does not fit the others. Compare it with the receipt; if it is right, write "
                    "to us.",
                    wanted,
                )
            )
        return wanted

    def _check_not_elsewhere(self, number):
        """The number is neither another case's nor that of the parcel the goods once came in."""
        domain = [("company_id", "=", self.company_id.id), ("number", "=", number)]
        if self.env["dropship.return.parcel"].search_count([*domain, ("return_id", "!=", self.id)], limit=1):
            raise UserError(
                self.env._("%s was entered for another return already. Enter the number of this parcel.", number)
            )
        outward = self.env["dropship.shipment"].search([*domain, ("current", "=", True)], limit=1)
        if outward:
            raise UserError(
                self.env._("%s is the number of a parcel we sent. Enter that of the parcel you sent back.", number)
            )

    def _check_back_lines(self, lines):
        """{dropship.return.line: Decimal} that goes into the parcel."""
        left = self._left_to_send()
        if lines is None:
            lines = self._first_box(left)
        quantities = {line: Decimal(str(qty)) for line, qty in lines.items() if qty}
        if not quantities:
            raise UserError(self.env._("Nothing of %s is to be sent back (any more).", self.name))
        for line, qty in quantities.items():
            if line not in left or not qty.is_finite() or not 0 < qty <= left[line]:
                raise UserError(
                    self.env._(
                        "At most %(left)s of %(product)s can be sent back.",
                        left=plain(left.get(line, 0)),
                        product=line.product_id.display_name,
                    )
                )
        return quantities

    def _left_to_send(self):
        """{dropship.return.line: Decimal} that is to come back and is not on its way."""
        folded = self._fold()
        left = {}
        for line in self.line_ids:
            state = folded.line(line.id)
            left[line] = max(state.back - max(state.sent - state.lost, state.received), Decimal(0))
        return left

    def _first_box(self, left):
        """What of it goes into the next parcel: goods of two suppliers go back in two."""
        left = {line: qty for line, qty in left.items() if qty}
        if self.destination != "supplier":
            return left
        first = next(iter(left), self.env["dropship.return.line"]).warehouse_id
        return {line: qty for line, qty in left.items() if line.warehouse_id == first}

    @api.model
    def _back_carrier(self, number, carrier):
        """(code, name) of who carries it, as far as anybody knows."""
        code = carriers.code_of(carrier or "") or (carrier if carrier in carriers.CARRIERS else "")
        code = code or ("" if carrier else numbers.sure(number, self.partner_id.country_id.code or ""))
        return code or False, carriers.name_of(code) if code else (carrier or False)

    # ------------------------------------------------------------------
    # Parcels
    # ------------------------------------------------------------------

    def _make_parcel(self, lines, key=None, place=None, **vals):
        """A parcel of these lines; nothing is said yet about where it is.

        :param lines: dropship.return.line records in a list
        """
        self.ensure_one()
        of_lines = self.env["dropship.return.line"].union(*lines) if lines else self.line_ids
        place = place or self.destination or "us"
        if not of_lines.warehouse_id:  # from our own shelf
            place = "us"
        payers = [figures["payer"] for figures in self._agreed("payer") if figures.get("payer")]
        return self.env["dropship.return.parcel"].create(
            {
                "return_id": self.id,
                "key": key if key is not None else self._next_key(),
                "place": place,
                "warehouse_id": of_lines.warehouse_id[:1].id if place == "supplier" else False,
                "line_ids": [Command.create({"line_id": line.id}) for line in of_lines],
                **({"payer": payers[-1]} if payers else {}),
                **vals,
            }
        )

    def _next_key(self):
        taken = set(self.parcel_ids.mapped("key"))
        return next(key for number in range(1, 1000) if (key := f"{self.name}-{number}") not in taken)

    def _expected_parcel(self, lines):
        """A parcel prepared with a label for these goods, with no number or the one its label gave it."""
        return self.parcel_ids.filtered(
            lambda parcel: (
                parcel.state == "expected"
                and (not parcel.number or parcel.label_id)
                and set(parcel.line_ids.line_id) >= set(lines)
            )
        )[:1]

    def _parcel_of(self, key):
        """The parcel an event speaks of; made where nobody announced it."""
        known = self.parcel_ids.filtered(lambda parcel: parcel.key == key)
        return known or self._make_parcel([], key=key)
