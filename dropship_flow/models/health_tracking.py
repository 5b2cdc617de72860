from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Minutes a push may wait to be read; hours without a word from a service that follows parcels.
WAITS, SLOW, SILENT_HOURS = 15, 5, 6


class DropshipHealthCheck(models.AbstractModel):
    """Tracking: what was pushed and not read, what has no parcel, services that are silent or refuse pushes."""

    _inherit = "dropship.health.check"

    @api.model
    def _queue_rows(self, company):
        yield from super()._queue_rows(company)
        mine = Domain("company_id", "in", (company.id, False))
        # Where nobody follows parcels there is nothing to say about it.
        services_sudo = self.env["dropship.connection"].sudo().with_context(active_test=True)
        if not services_sudo.search_count(mine & Domain("is_tracking", "=", True), limit=1):
            return
        now = fields.Datetime.now()
        inbox_sudo = self.env["dropship.inbox"].sudo()
        rows = (
            (21, "dropship.inbox", mine & Domain("state", "in", ("ready", "sending")), "received_at",
             self.env._("Pushes to be read")),
            (22, "dropship.inbox", mine & Domain("state", "=", "parked"), "received_at",
             self.env._("Pushes that need a person")),
            (23, "dropship.orphan", mine & Domain("shipment_id", "=", False), "received_at",
             self.env._("News of unknown parcels")),
            (24, "dropship.watch", Domain("company_id", "=", company.id) & Domain("state", "=", "failed")
             & Domain("shipment_id.watch_state", "=", "failed") & Domain("shipment_id.is_final", "=", False),
             "create_date", self.env._("Parcels no service takes")),
        )  # fmt: skip
        for number, model, domain, moment, title in rows:
            ((count, oldest),) = inbox_sudo.env[model]._read_group(domain, [], ["__count", f"{moment}:min"])
            state, text = "good", ""
            if number == 21 and oldest and oldest < now - timedelta(minutes=WAITS):
                state, text = "bad", self.env._("Nothing moves: look whether the scheduled action below runs.")
            elif number == 21 and oldest and oldest < now - timedelta(minutes=SLOW):
                state, text = "warn", self.env._("They are read slowly.")
            elif number == 22 and count:
                state, text = "warn", self.env._("Open them: each says why it cannot be read.")
            elif number == 23 and count:
                text = self.env._("They wait a month for a parcel with their number.")
            elif number == 24 and count:
                state, text = "warn", self.env._("Open them: each says what is wrong with the number or carrier.")
            yield {
                "part": "queue", "id": number, "state": state, "title": title, "count": count, "since": oldest or None,
                "text": text, "model": model, "domain": list(domain),
            }  # fmt: skip

    @api.model
    def _connection_rows(self, company):
        rows = list(super()._connection_rows(company))
        # Health is states and counts; secrets are only asked whether they are there.
        connections_sudo = self.env["dropship.connection"].sudo().browse([row["id"] for row in rows])
        tracking_sudo = connections_sudo.filtered("is_tracking")
        watched = dict(
            self.env["dropship.watch"].sudo()._read_group(
                [("connection_id", "in", tracking_sudo.ids), ("state", "in", ("watched", "to_register"))],
                ["connection_id"],
                ["__count"],
            )
        )
        for row in rows:
            connection_sudo = connections_sudo.browse(row["id"])
            if connection_sudo in tracking_sudo:
                row["count"] = row["count"] or watched.get(connection_sudo, 0)
                state, text = self._tracking_trouble(connection_sudo, watched.get(connection_sudo, 0))
                if state and row["state"] != "bad":
                    row.update(state=state, text=text)
        return rows

    @api.model
    def _tracking_trouble(self, connection_sudo, parcels):
        """(state, text) of what is wrong with an account at a tracking service; ("", "") when nothing is."""
        silent = fields.Datetime.now() - timedelta(hours=SILENT_HOURS)
        last = connection_sudo.last_contact or connection_sudo.create_date
        if not connection_sudo._push_secrets():
            if connection_sudo.push_unsigned:
                return "bad", self.env._(
                    "%s pushes were refused: enter the signing secret.", connection_sudo.push_unsigned
                )
            return "warn", self.env._("It has no signing secret: pushes are refused.")
        if connection_sudo.quota and not connection_sudo.quota_left:
            return "warn", self.env._("The registrations of this month are used up.")
        if parcels and last < silent:
            return "warn", self.env._("Not a word for hours although it follows parcels.")
        recent = fields.Datetime.now() - timedelta(days=1)
        if connection_sudo.push_forged and (connection_sudo.push_refused_at or recent) > recent:
            return "warn", self.env._(
                "%s pushes were not genuine: compare the signing secret on both sides.", connection_sudo.push_forged
            )
        return "", ""
