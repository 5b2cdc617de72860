"""Tracking services are told the numbers of parcels that come back, and asked for them. No transaction is open then."""

import logging
import time

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.dropship_flow.connectors.outcome import AGAIN, SENT, Outcome
from odoo.addons.dropship_flow.trackers.said import Watched
from odoo.tools import SQL

from ..case.locked import BUSY

_logger = logging.getLogger(__name__)
# So long a parcel is not asked for again, and so long after a question nobody answered.
HOURS, HOURS_FAILED = 4.0, 0.5


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    service_id = fields.Many2one(
        "dropship.connection", string="Tracking Service", readonly=True, copy=False, ondelete="set null"
    )
    service_carrier = fields.Char(readonly=True, copy=False)
    registered_at = fields.Datetime(readonly=True, copy=False, help="When the service took the number.")
    ask_after = fields.Datetime(readonly=True, copy=False, help="When a service is asked again.")

    _to_ask = models.Index(
        "(ask_after) WHERE number IS NOT NULL AND back_id IS NULL AND state IN ('expected', 'on_the_way')"
    )

    @api.model
    def _cron_ask(self, seconds=50.0):
        """One worker. Any number may run at once; each takes other parcels."""
        until = time.monotonic() + seconds
        now = fields.Datetime.now()
        services = self.env["dropship.connection"].search([("is_tracking", "=", True)], order="sequence, id")
        for connection in services.filtered(lambda one: not one.paused_until or one.paused_until <= now):
            try:
                while time.monotonic() < until and self._ask_batch(connection):
                    pass
            except BUSY:  # another worker has it
                self.env.cr.rollback()
            except Exception:  # one account that fails must not stop the others
                _logger.exception("Tracking service %s failed", connection.id)
                self.env.cr.rollback()

    @api.model
    def _ask_batch(self, connection):
        """:return int: how many parcels were asked for"""
        service = connection._service()
        if not (service.LIVES or hasattr(service, "ask")) or not connection._admit(1):
            self._commit_step()
            return 0
        parcels = self._claim_to_ask(connection, service.BATCH)
        fresh = parcels.filtered(lambda parcel: not parcel.registered_at or parcel.service_id != connection)
        if parcels and service.LIVES and fresh:
            parcels._register_at(connection, fresh)
        if parcels and hasattr(service, "ask"):
            found, outcome = parcels._call_service(connection, "ask", parcels._watched(connection))
            self.env["dropship.shipment"]._take_found(connection, found)
            parcels._answered(outcome)
        self._commit_step()
        return len(parcels)

    def _register_at(self, connection, fresh):
        taken, outcome = self._call_service(connection, "register", fresh._watched(connection))
        answers = {one.tag: one for one in taken}
        for parcel in fresh:
            answer = answers.get(parcel._tag())
            if answer and answer.ok:
                parcel.write(
                    {
                        "service_id": connection.id,
                        "registered_at": fields.Datetime.now(),
                        "service_carrier": answer.service_carrier or False,
                    }
                )
        fresh._answered(outcome)
        self._commit_step()

    @api.model
    def _claim_to_ask(self, connection, limit):
        """Take parcels that are due, and commit: nobody else asks for them within the next hours."""
        self.env.flush_all()
        query = SQL(
            """
            UPDATE dropship_return_parcel parcel
               SET ask_after = (now() AT TIME ZONE 'utc') + make_interval(hours => %(hours)s)
             WHERE id IN (
                SELECT id FROM dropship_return_parcel
                 WHERE number IS NOT NULL AND back_id IS NULL AND state IN ('expected', 'on_the_way')
                   AND (%(company)s IS NULL OR company_id = %(company)s)
                   AND (ask_after IS NULL OR ask_after <= now() AT TIME ZONE 'utc')
                   AND (%(carriers)s IS NULL OR carrier_code = ANY(%(carriers)s))
                 ORDER BY ask_after NULLS FIRST, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            hours=int(HOURS),
            company=connection.company_id.id or None,
            carriers=[code.strip().lower() for code in (connection.carrier_codes or "").split(",") if code.strip()]
            or None,
            limit=limit,
        )
        ids = sorted(row[0] for row in self.env.execute_query(query))
        self.invalidate_model(["ask_after"], flush=False)
        self._commit_step()
        return self.browse(ids)

    def _tag(self):
        """Our name for the parcel at services: says nothing about customer or case."""
        self.ensure_one()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid[:8]}-R{self.id}"

    def _watched(self, connection):
        """[Watched]: of the customer, who sends it, only what the carrier asks for."""
        service = connection._service()
        result = []
        for parcel in self:
            carrier = parcel.carrier_code or ""
            needs = service.needs(carrier) if hasattr(service, "needs") else ()
            digits = "".join(sign for sign in parcel.partner_id.phone or "" if sign.isascii() and sign.isdigit())
            goes_to = parcel.warehouse_id.country_id or parcel.company_id.country_id
            result.append(
                Watched(
                    tag=parcel._tag(),
                    number=parcel.number,
                    carrier=carrier,
                    service_carrier=parcel.service_carrier or "",
                    country=goes_to.code or "",
                    phone=digits if "phone" in needs else digits[-4:] if "phone4" in needs else "",
                    origin=parcel.partner_id.country_id.code or "",
                )
            )
        return result

    def _call_service(self, connection, verb, told):
        """Call the service, with no transaction open. It may do what it likes: the attempt has an end."""
        service = connection._service()
        client, _headers = connection._client()
        endpoint, secret = connection.endpoint or "", connection._service_secret()
        self._commit_step()
        try:
            return getattr(service, verb)(client, endpoint, secret, told)
        except Exception as error:  # a module of a service that fails is no reason to fail here
            _logger.exception("%s of %s failed", verb, connection.id)
            return [], Outcome(AGAIN, error=f"{type(error).__name__}: {error}"[:500], healthy=False)

    def _answered(self, outcome):
        """Nobody answered: soon again."""
        if outcome and outcome.state != SENT:
            soon = fields.Datetime.add(fields.Datetime.now(), minutes=int(HOURS_FAILED * 60))
            self.write({"ask_after": soon})

    @api.model
    def _commit_step(self):
        self.env["ir.cron"]._commit_progress()


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    def _registrations(self):
        """Override: numbers of parcels that come back count as well."""
        counts = super()._registrations()
        first = fields.Datetime.now() + relativedelta(day=1, hour=0, minute=0, second=0, microsecond=0)
        groups = (
            self.env["dropship.return.parcel"]
            .sudo()
            ._read_group([("service_id", "in", self.ids), ("registered_at", ">=", first)], ["service_id"], ["__count"])
        )
        for connection, count in groups:
            counts[connection.id] = counts.get(connection.id, 0) + count
        return counts
