import logging
import threading
import time as clock
from collections import OrderedDict
from datetime import timedelta

import psycopg2
from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools.misc import format_time

from .arrival_promise import day_text
from .arrival_shipment import arrival_day

_logger = logging.getLogger(__name__)

GOOD_FOR = 300  # seconds; what suppliers can do changes slowly
MOST = 4096
UNKNOWN = object()


class Kept:
    """Answers of the last minutes in the memory of the worker, the oldest dropped first."""

    def __init__(self):
        self.rows, self.lock = OrderedDict(), threading.Lock()

    def get(self, key):
        with self.lock:
            until, value = self.rows.get(key, (0, UNKNOWN))
            return value if until > clock.monotonic() else UNKNOWN

    def put(self, key, value, seconds):
        with self.lock:
            self.rows[key] = clock.monotonic() + seconds, value
            self.rows.move_to_end(key)
            while len(self.rows) > MOST:
                self.rows.popitem(last=False)

    def clear(self):
        with self.lock:
            self.rows.clear()


KEPT = Kept()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _dropship_promise_public(self, partner_or_place, qty=1.0, only_known=False):
        """When a product ordered now arrives at a place, as anybody may read it: no source, no price, no quantity.

        :param partner_or_place: res.partner, or {"country_id", "state_id", "zip"} (ids)
        :param bool only_known: None instead of asking the router
        :return: None: nothing to say (not bought from suppliers, no place, not for sale); else a dict: `deliverable`,
            `place`, and where deliverable p50, p80, p95 (dates), `text`, `latest` (as people say P80 and P95),
            `certainty`, `order_until` (naive UTC: later orders leave later), `seconds` (until then), `until_text` (its
            time in the shop's zone), `from_parcels`
        """
        self.ensure_one()
        place = self._promise_place(partner_or_place)
        if not place["country_id"] or self.type != "consu":
            return None
        found = self._promise_found(place, qty or 1.0, only_known)
        if found is None:
            return None
        title = self._promise_place_title(place)
        if not found:
            return {"deliverable": False, "place": title}
        now = fields.Datetime.now()
        p50, p80, p95 = found["days"]
        result = {
            "deliverable": True,
            "place": title,
            "p50": p50,
            "p80": p80,
            "p95": p95,
            "text": day_text(self.env, p80),
            "latest": day_text(self.env, p95),
            "certainty": 80,
            "from_parcels": found["parcels"],
            "order_until": found["until"],
            "seconds": 0,
            "until_text": "",
        }
        if found["until"] and found["until"] > now:
            result["seconds"] = int((found["until"] - now).total_seconds())
            zone = self.env["website"].get_current_website()._dropship_zone()
            result["until_text"] = format_time(self.env, found["until"], tz=zone, time_format="short")
        return result

    def _promise_place(self, where):
        if isinstance(where, models.BaseModel):
            return {"country_id": where.country_id.id, "state_id": where.state_id.id, "zip": where.zip or ""}
        where = where or {}
        return {
            "country_id": where.get("country_id") or False,
            "state_id": where.get("state_id") or False,
            "zip": (where.get("zip") or "").strip()[:12],
        }

    def _promise_place_title(self, place):
        country = self.env["res.country"].sudo().browse(place["country_id"])
        state = self.env["res.country.state"].sudo().browse(place["state_id"] or ())
        return place["zip"] or state.name or country.name

    def _promise_found(self, place, qty, only_known):
        """None: nothing to say; {}: it cannot be delivered there; else days, until, parcels. Kept for minutes."""
        company = self.env["website"].get_current_website().company_id or self.env.company
        key = (self.env.cr.dbname, company.id, self.id, qty, *place.values())
        found = KEPT.get(key)
        if found is not UNKNOWN:
            return found
        if only_known:
            return None
        try:
            with self.env.cr.savepoint():
                found = self.sudo().with_company(company)._promise_find(company, place, qty)
        except (psycopg2.OperationalError, ConcurrencyError):
            raise
        except Exception:  # whatever is wrong with a supplier's data, the shop goes on
            _logger.exception("When product %s arrives is not known", self.id)
            found = None
        seconds = GOOD_FOR
        if found and found["until"]:  # another day from then on
            left = (found["until"] - fields.Datetime.now()).total_seconds()
            seconds = max(min(seconds, left), 1)
        KEPT.put(key, found, seconds)
        return found

    def _promise_find(self, company, place, qty):
        """Ask the router for an order of this one product that exists in memory only."""
        partner = self.env["res.partner"].new({"name": "-", **place})
        order = self.env["sale.order"].new({"company_id": company.id, "partner_id": partner})
        order.partner_shipping_id = partner
        order.order_line = [
            Command.create({"product_id": self.id, "product_uom_qty": qty, "product_uom_id": self.uom_id.id})
        ]
        router = self.env["dropship.router"]
        outcome = router._simulate(order).get(order)
        if not outcome:
            return None
        if outcome.plan and not outcome.solution.missing:
            return order._promise_of_plan(outcome)
        return {} if any(services == [] for services in router._reach(order).values()) else None


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _dropship_promise_public(self, partner_or_place, qty=1.0, only_known=False):
        """See the variant's; the first one speaks for the product."""
        variant = self.product_variant_id
        return variant._dropship_promise_public(partner_or_place, qty, only_known) if variant else None


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _promise_of_plan(self, outcome):
        """{days: (P50, P80, P95) as dates, until: order until then, parcels} of what the router would do now."""
        plan, now = outcome.plan, outcome.facts.now
        zone = outcome.order.partner_shipping_id._dropship_zone()
        figures = (plan.days_p50, plan.days_p80, plan.days_p95)
        days = tuple(arrival_day(now + timedelta(days=figure), zone) for figure in figures)
        calendars = outcome.facts.arrival.calendars
        untils = [calendars[one.source].order_until(now) for one in plan.parcels if one.source in calendars]
        router = self.env["dropship.router"]
        behind = [router._parcels_behind(outcome, one) for one in plan.parcels if not isinstance(one.rate, tuple)]
        return {"days": days, "until": min(untils, default=None), "parcels": min(behind, default=0)}

    def _dropship_cart_promise(self):
        """When a cart or quotation would arrive if it were ordered now; {} when there is nothing to say.

        :return: {p50, p80, p95 (dates), text, latest, certainty, seconds, until_text}
        """
        if not self or self.state not in ("draft", "sent") or self._dropship_address_unknown():
            return {}
        self.ensure_one()

        def find():
            try:
                with self.env.cr.savepoint():
                    outcome = self.env["dropship.router"]._simulate(self).get(self)
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception:  # it is held at routing instead
                _logger.exception("When sale order %s arrives is not known", self.id)
                outcome = None
            if not outcome or not outcome.plan or outcome.solution.missing:
                return {}
            found = self._promise_of_plan(outcome)
            return {
                "days": [fields.Date.to_string(day) for day in found["days"]],
                "until": fields.Datetime.to_string(found["until"]) if found["until"] else "",
            }

        known = self._dropship_facts("promise", find)
        now, until = fields.Datetime.now(), fields.Datetime.to_datetime(known.get("until"))
        if until and until < now:
            known = self._dropship_facts("promise", find, fresh=True)
            until = fields.Datetime.to_datetime(known.get("until"))
        if not known:
            return {}
        p50, p80, p95 = map(fields.Date.to_date, known["days"])
        result = {"p50": p50, "p80": p80, "p95": p95, "certainty": 80, "seconds": 0, "until_text": ""}
        result |= {"text": day_text(self.env, p80), "latest": day_text(self.env, p95)}
        if until and until > now:
            zone = self.sudo().website_id._dropship_zone() or self.company_id.sudo().partner_id._dropship_zone()
            result["seconds"] = int((until - now).total_seconds())
            result["until_text"] = format_time(self.env, until, tz=zone, time_format="short")
        return result


class Website(models.Model):
    _inherit = "website"

    def _dropship_zone(self):
        """The zone the shop tells times in."""
        company_sudo = self.company_id.sudo()
        return company_sudo.resource_calendar_id.tz or company_sudo.partner_id._dropship_zone() if self else False

    def _dropship_place(self):
        """Where the visitor wants his goods: what he chose, his own address, where he seems to be.

        :return: {"country_id", "state_id", "zip"}
        """
        from odoo.http import request  # noqa: PLC0415 - only within a request

        empty = {"country_id": False, "state_id": False, "zip": ""}
        if not request:
            return empty
        chosen = request.session.get("dropship_place")
        if isinstance(chosen, dict) and chosen.get("country_id"):
            return {**empty, **{name: chosen.get(name) or empty[name] for name in empty}}
        partner_sudo = self.env.user.partner_id.sudo()
        if not self.env.user._is_public() and partner_sudo.country_id:
            address = partner_sudo.browse(partner_sudo.address_get(["delivery"])["delivery"])
            return {"country_id": address.country_id.id, "state_id": address.state_id.id, "zip": address.zip or ""}
        code = request.geoip.country_code
        found = self.env["res.country"].sudo().search([("code", "=", code)], limit=1) if code else None
        return {**empty, "country_id": (found or self.company_id.sudo().country_id).id}


