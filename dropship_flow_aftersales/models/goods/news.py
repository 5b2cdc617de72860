"""What carriers say of parcels on their way back: it reaches the case as events, each once."""

from datetime import timedelta

from odoo import api, models
from odoo.addons.dropship_flow.models.orphan import plain, unpacked
from odoo.addons.dropship_flow.tracking.status import STATUSES

# News from before the case is of another parcel that had the number.
EARLIER = timedelta(days=1)
EVENTS = {"delivered": "arrive", "lost": "lose"}
TURNED = ("returning", "returned")


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    @api.model
    def _take_elsewhere(self, connection, lost):
        """Override: numbers of parcels that come back."""
        rest = super()._take_elsewhere(connection, lost)
        known = (
            self.env["dropship.return.parcel"]
            .sudo()
            ._by_numbers(connection.company_id, [found.number for found, _why in rest])
        )
        missing = []
        for found, why in rest:
            parcels = known.get(plain(found.number))
            if not parcels:
                missing.append((found, why))
            for parcel in parcels or ():
                parcel._take_news(found)
        return missing


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    @api.model
    def _by_numbers(self, company, numbers):
        """{plain number: parcels}; `company` empty: those of all companies."""
        wanted = list({plain(number) for number in numbers} - {""})
        if not wanted:
            return {}
        domain = [("number", "in", list({*wanted, *numbers})), ("back_id", "=", False)]
        if company:
            domain.append(("company_id", "=", company.id))
        return self.search(domain).grouped(lambda parcel: plain(parcel.number))

    def _take_news(self, found):
        """What a service says of this parcel. News that is known, and news of another parcel, changes nothing.

        :param trackers.said.Found found: of this number
        """
        self.ensure_one()
        since = self.return_id.opened_at - EARLIER
        events = sorted((event for event in found.events if event.at >= since), key=lambda event: event.at)
        if not events:
            return
        self._hear(events)
        word = dict(self.env["dropship.shipment"]._fields["status"]._description_selection(self.env))
        last = events[-1]
        text = word.get(last.code, last.code)
        if self.last_news != text:
            self.last_news = text
        if not self.turned and any(event.code in TURNED for event in events):
            self.turned = True
            self.return_id.message_post(
                body=self.env._(
                    "%(number)s was not accepted and goes back to the customer: ask what is to be done.",
                    number=self.number,
                )
            )

    def _hear(self, events):
        """Write down the first scan, the arrival, the loss."""
        case = self.return_id
        seen = set(case.event_ids.filtered(lambda event: event.parcel == self.key).mapped("key"))
        turned = self.turned
        for said in events:
            turned = turned or said.code in TURNED
            code = EVENTS.get(said.code) or ("move" if self._is_scan(said) else "")
            if turned and code == "arrive":  # at the customer's, who sent it
                continue
            if code and f"{self.key} {code}" not in seen:
                seen.add(f"{self.key} {code}")
                self._say(code, said.at.replace(microsecond=0))

    @api.model
    def _is_scan(self, said):
        """Whether the carrier has the parcel in his hands."""
        status = STATUSES.get(said.code)
        return bool(status and status.physical)

    def _say(self, code, at=None, **facts):
        """Write down for the case what the system heard of this parcel; the same twice is one.

        :raises ConcurrencyError: somebody works on the case now: whoever brings the news tries again
        """
        self.ensure_one()
        facts |= {"at": at} if at else {}
        return self.return_id._record(code, "system", check=False, parcel=self.key, key=f"{self.key} {code}", **facts)

    def _adopt_news(self):
        """Take what was said of the number before it was entered here."""
        for parcel in self.filtered("number"):
            orphans_sudo = self.env["dropship.orphan"].sudo()  # news is the system's
            waiting = orphans_sudo.search(
                [
                    ("plain_number", "=", plain(parcel.number)),
                    ("shipment_id", "=", False),
                    ("company_id", "in", (parcel.company_id.id, False)),
                ],
                order="id",
            )
            for orphan in waiting:
                parcel._take_news(unpacked(orphan.payload))
            waiting.unlink()
