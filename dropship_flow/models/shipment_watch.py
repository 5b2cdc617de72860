from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..trackers.said import Said, Watched
from ..tracking.watching import MOST_AGAIN, next_look, stops_at
from .tracking_service import SERVICES

STATES = [
    ("to_register", "To be registered"),
    ("watched", "Watched"),
    ("stopped", "Not watched any more"),
    ("failed", "The service does not take it"),
]
LIVE = ("to_register", "watched")


class DropshipWatch(models.Model):
    """A service follows a parcel: registered once, asked now and then, let go at the end.

    The row is the relay's: it is taken with a lease while the service is called, so that the parcel itself stays free
    for the news that comes meanwhile.
    """

    _name = "dropship.watch"
    _description = "Parcel at a Tracking Service"
    _inherit = ["dropship.lease.mixin", "dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "shipment_id"

    _transitions = frozenset(
        {
            ("to_register", "watched"),
            ("to_register", "failed"),
            ("to_register", "stopped"),
            ("watched", "to_register"),  # the service gave up, we have not
            ("watched", "stopped"),
            ("watched", "failed"),
            ("stopped", "to_register"),
            ("stopped", "watched"),  # where nothing is registered, it is only asked or listened to again
            ("failed", "to_register"),
            ("failed", "watched"),
        }
    )

    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    connection_id = fields.Many2one(
        "dropship.connection", string="Service", required=True, ondelete="cascade", index=True
    )
    state = fields.Selection(STATES, required=True, default="to_register", readonly=True, index=True)
    number = fields.Char(related="shipment_id.number", string="Tracking Number")
    status = fields.Selection(related="shipment_id.status", string="Parcel's State")
    registered_at = fields.Datetime(readonly=True, copy=False, help="When the service took it: this used the quota.")
    asked_at = fields.Datetime(readonly=True, copy=False)
    service_carrier = fields.Char(readonly=True, help="The service's own code of the carrier.")
    remote_id = fields.Char(readonly=True)
    again = fields.Integer(readonly=True, help="How often it was registered anew after the service had given up.")

    # Behind "registered exactly once": whoever takes up a parcel at a service finds the row of who did before.
    _once = models.UniqueIndex("(shipment_id, connection_id)", "This service follows the parcel already.")
    _to_do = models.Index("(connection_id, next_try) WHERE state IN ('to_register', 'watched')")

    @api.model
    def _take_up(self, limit=1000):
        """Give open parcels that nobody follows to the first service that knows their carrier.

        A service that would not take a parcel is passed over. Parcels no service is for cost one query.

        :return int: how many were taken up
        """
        self.env.flush_all()
        kinds = [kind for kind, module in SERVICES.items() if module]
        # What can only push needs no registration: its news is waited for.
        pushing = [kind for kind in kinds if not hasattr(SERVICES[kind], "ask") and not SERVICES[kind].LIVES]
        mute = [kind for kind in kinds if not SERVICES[kind].LIVES]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_watch (shipment_id, company_id, connection_id, state, next_try, attempts,
                                            create_uid, write_uid, create_date, write_date)
                SELECT shipment.id, shipment.company_id, service.id,
                       CASE WHEN service.kind = ANY(%(mute)s) THEN 'watched' ELSE 'to_register' END,
                       CASE WHEN service.kind = ANY(%(pushing)s) THEN NULL ELSE now() AT TIME ZONE 'utc' END, 0,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM dropship_shipment shipment
                 CROSS JOIN LATERAL (
                       SELECT connection.id, connection.kind
                         FROM dropship_connection connection
                        WHERE connection.is_tracking AND connection.active AND connection.kind = ANY(%(kinds)s)
                          AND (connection.company_id IS NULL OR connection.company_id = shipment.company_id)
                          AND (COALESCE(connection.carrier_codes, '') = '' OR shipment.carrier_code = ANY(
                               string_to_array(LOWER(REPLACE(connection.carrier_codes, ' ', '')), ',')))
                          AND NOT EXISTS (SELECT FROM dropship_watch tried
                                           WHERE tried.shipment_id = shipment.id
                                             AND tried.connection_id = connection.id)
                        ORDER BY connection.sequence, connection.id
                        LIMIT 1) service
                 WHERE shipment.current AND NOT shipment.is_final AND shipment.state <> 'reverted'
                   AND NOT EXISTS (SELECT FROM dropship_watch live
                                    WHERE live.shipment_id = shipment.id
                                      AND live.state IN ('to_register', 'watched', 'stopped'))
                 LIMIT %(limit)s
                ON CONFLICT (shipment_id, connection_id) DO NOTHING
                """,
                mute=mute,
                pushing=pushing,
                kinds=kinds,
                uid=self.env.uid,
                limit=limit,
            ),
            log_exceptions=False,
        )
        count = self.env.cr.rowcount
        if count:
            self.invalidate_model()
            self.env["dropship.shipment"].invalidate_model(["watch_ids", "service_id", "watch_state"])
        return count

    def _told(self):
        """[Watched] for the service: of the receiver the country, and beyond that only what the carrier asks for."""
        result = []
        for watch in self:
            shipment = watch.shipment_id
            service = watch.connection_id._service()
            carrier = shipment.carrier_code or ""
            needs = service.needs(carrier) if hasattr(service, "needs") else ()
            partner = shipment.partner_id
            digits = "".join(sign for sign in partner.phone or "" if sign.isascii() and sign.isdigit())
            result.append(
                Watched(
                    tag=shipment._tag(),
                    number=shipment.number,
                    carrier=carrier,
                    service_carrier=watch.service_carrier or "",
                    country=partner.country_id.code or "",
                    postcode=(partner.zip or "") if "postcode" in needs else "",
                    phone=digits if "phone" in needs else digits[-4:] if "phone4" in needs else "",
                    origin=shipment.warehouse_id.country_id.code or "",
                )
            )
        return result

    def _next(self, now, found=None):
        """(state, values) after a parcel was registered or asked for."""
        self.ensure_one()
        shipment = self.shipment_id
        since = shipment.announced_at
        end = stops_at(shipment.status, shipment.status_at or now)
        if shipment.state == "reverted" or not shipment.current or (end and end <= now):
            return "stopped", {"next_try": False}
        service = self.connection_id._service()
        if found and found.stopped and not end:
            return self._given_up(now)
        if not hasattr(service, "ask"):
            return "watched", {"next_try": end or False}
        quiet = now - max(shipment.moved_at or since, since)
        wait = next_look(shipment.status, now - since, quiet, service.PAUSE)
        if wait is None:
            return "stopped", {"next_try": False, "error": self.env._("No news for too long.")}
        next_try = now + wait
        return "watched", {"next_try": min(next_try, end) if end and end > now else next_try}

    def _given_up(self, now):
        """The service does not watch any more, and the parcel has not arrived."""
        service = self.connection_id._service()
        if self.again < MOST_AGAIN and service.LIVES:
            return "to_register", {"again": self.again + 1, "next_try": now, "attempts": 0}
        said = Said(now, "expired", raw_status="stopped", text=self.connection_id.name or "")
        self.shipment_id._add_events([said], self.connection_id)
        return "stopped", {"next_try": False, "error": self.env._("The service gave up.")}

    def action_follow_again(self):
        """Register or ask once more, now."""
        self.check_access("write")
        idle = self.filtered(lambda watch: watch.state in ("stopped", "failed"))
        if not idle:
            raise UserError(self.env._("These parcels are being followed. Nothing has to be done."))
        idle._anew()
        self._begin()
        return True

    def _anew(self, **vals):
        """From the beginning: to be registered, or to be asked where nothing is registered."""
        vals = {"next_try": fields.Datetime.now(), "error": False, "attempts": 0, "again": 0, **vals}
        lives = self.filtered(lambda watch: watch.connection_id._service().LIVES)
        for watches, state in ((lives, "to_register"), (self - lives, "watched")):
            moved = watches._set_state(state, **vals)
            (watches - moved).write(vals)


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    watch_ids = fields.One2many("dropship.watch", "shipment_id", string="Followed By")
    service_id = fields.Many2one(
        "dropship.connection", string="Tracking Service", compute="_compute_watch", search="_search_service"
    )
    watch_state = fields.Selection(
        [("none", "Nobody follows it"), *STATES], string="Followed", compute="_compute_watch", search="_search_watch"
    )
    watch_error = fields.Text(compute="_compute_watch")

    @api.depends("watch_ids.state", "watch_ids.connection_id", "watch_ids.error")
    def _compute_watch(self):
        for shipment in self:
            watches = shipment.watch_ids.sorted("id", reverse=True)
            watch = (watches.filtered(lambda one: one.state in LIVE) or watches)[:1]
            shipment.service_id = watch.connection_id
            shipment.watch_state = watch.state or "none"
            shipment.watch_error = watch.error

    def _search_service(self, operator, value):
        return [("watch_ids.connection_id", operator, value)]

    def _search_watch(self, operator, value):
        if operator != "in":
            return NotImplemented
        live = [("watch_ids", "any", [("state", "in", list(LIVE))])]
        domains = []
        for state in value:
            if state == "none":
                domains.append([("watch_ids", "=", False)])
            elif state in LIVE:
                domains.append([("watch_ids", "any", [("state", "=", state)])])
            else:
                ended = [("watch_ids", "any", [("state", "=", state)])]
                domains.append(fields.Domain(ended) & ~fields.Domain(live))
        return fields.Domain.OR(domains)

    def _watches(self, connection):
        """Whether an account was told this number by us."""
        self.ensure_one()
        return connection in self.watch_ids.connection_id

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a new parcel is taken up at once."""
        shipments = super().create(vals_list)
        self.env["dropship.watch"]._begin()
        return shipments

    def write(self, vals):
        """Override: under another number it is another parcel at the service; a new carrier is worth a new try."""
        if not {"number", "carrier_code"} & set(vals):
            return super().write(vals)
        renumbered = self.filtered(lambda shipment: vals.get("number") not in (None, shipment.number))
        recarried = self.filtered(lambda shipment: vals.get("carrier_code") not in (None, shipment.carrier_code))
        result = super().write(vals)
        # The relay's rows; the person at the parcel need not see accounts.
        watches_sudo = renumbered.sudo().watch_ids.filtered(lambda watch: not watch.shipment_id.is_final)
        if watches_sudo:
            forgotten = {"registered_at": False, "remote_id": False, "service_carrier": False, "lease_token": False}
            watches_sudo._anew(**forgotten)
        failed_sudo = (recarried - renumbered).sudo().watch_ids.filtered(lambda watch: watch.state == "failed")
        failed_sudo._anew()
        if watches_sudo or failed_sudo:
            watches_sudo._begin()
        return result

    def _after_fold(self, changes):
        """Override: what ended is let go at the service."""
        result = super()._after_fold(changes)
        self.browse([shipment.id for shipment in changes if shipment.is_final])._let_go()
        return result

    def _after_revert(self):
        """Override: a parcel that never left is not followed."""
        result = super()._after_revert()
        self._let_go()
        return result

    def _let_go(self):
        """Their watches are looked at when they may end."""
        now = fields.Datetime.now()
        for watch in self.sudo().watch_ids:  # the relay's rows; the person at the parcel need not see accounts
            shipment = watch.shipment_id
            end = now if shipment.state == "reverted" else stops_at(shipment.status, shipment.status_at or now)
            if watch.state in LIVE and end and (not watch.next_try or watch.next_try > end):
                watch.next_try = max(end, now)

    def action_follow_again(self):
        """Have the parcels followed (again)."""
        self.check_access("write")
        watches_sudo = self.sudo().watch_ids
        idle = watches_sudo.filtered(lambda watch: watch.state in ("stopped", "failed"))
        idle._anew()
        self.env["dropship.watch"].sudo()._begin()
        return True
