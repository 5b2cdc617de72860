from odoo import models


class DropshipRoutePreview(models.TransientModel):
    """On what the days of a plan stand."""

    _inherit = "dropship.route.preview"

    def _plan_rows(self, outcome):
        """Override: say behind how many parcels the days are."""
        router = self.env["dropship.router"]
        pieces = [parcel for parcel in outcome.plan.parcels for _piece in parcel.pieces] if outcome.plan else []
        for row, parcel in zip(super()._plan_rows(outcome), pieces, strict=True):
            row["arrival"] = self._arrival_from(row["arrival"], router._parcels_behind(outcome, parcel))
            yield row

    def _allocation_row(self, allocation):
        row = super()._allocation_row(allocation)
        row["arrival"] = self._arrival_from(row["arrival"], allocation.days_parcels)
        return row

    def _arrival_from(self, arrival, count):
        """The days, and whether parcels or the freight table say so."""
        if not count:
            return arrival
        return self.env._("%(arrival)s, from %(count)s parcels", arrival=arrival, count=count)
