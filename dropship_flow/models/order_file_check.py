"""From rows of an order file to orders of the API: what the codes mean, and what a person should see first."""

from collections import defaultdict

from odoo import api, fields, models

from ..api.rules import order_problems
from ..api.validate import check
from ..feeds.values import code_key
from ..order_files.values import share
from .exact import decimal
from .order_file_row import SOFT

PROPOSALS = 200


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def _file_code(self):
        """How an order of a file names its channel; understood only where the file's channel is known."""
        self.ensure_one()
        return f"file:{self.id}"


class DropshipOrderFileRow(models.Model):
    _inherit = "dropship.order.file.row"

    def _check(self):
        """Say of each row what would become of it: entered, left out, known, or to be looked at. Nothing is entered."""
        for file, rows in self.grouped("file_id").items():
            rows = rows.sorted("id")
            tellings = file._tellings(rows)
            file._dry_run(tellings)
            file._note(rows, tellings)


class Telling:
    """An order of a file on its way: its draft, the rows it came from, the order as the API takes it."""

    def __init__(self, draft, rows):
        self.draft, self.rows = draft, rows
        self.told, self.known, self.order_id = None, None, False
        self.problems = defaultdict(list)  # {row: [reason]}

    def row_of(self, index):
        return self.rows[index]

    @property
    def mine(self):
        return [self.rows[index] for index in self.draft.rows]


class DropshipOrderFile(models.Model):
    _inherit = "dropship.order.file"

    def _tellings(self, rows):
        """The orders the rows make, each with the goods it is about and what speaks against it."""
        self.ensure_one()
        records = list(rows)
        tellings = [Telling(draft, records) for draft in self._drafts(rows)]
        goods = self._goods([line for telling in tellings for line in telling.draft.lines])
        for telling in tellings:
            for index, reasons in telling.draft.problems.items():
                telling.problems[records[index]] += reasons
            if telling.draft.told and telling.draft.lines:
                self._tell_order(telling, goods)
        self._check_prices(tellings)
        return tellings

    # ------------------------------------------------------------------
    # Goods
    # ------------------------------------------------------------------

    def _goods(self, lines):
        """{code at the channel: (product, pieces in one)} by links, then our own codes, then barcodes."""
        links = self.env["dropship.channel.sku"]
        codes = {links._code_of(line.sku, line.title, line.variant) for line in lines} - {""}
        found = {
            code: (link.product_id, link.quantity)
            for code, link in links._found(self.channel_id, codes).items()
            if link.product_id.sale_ok
        }
        for name, values in (
            ("default_code", {line.sku for line in lines}),
            ("barcode", {line.barcode or line.sku for line in lines}),
        ):
            products = self.env["product.product"].search(
                [
                    (name, "in", list(values - {""})),
                    ("sale_ok", "=", True),
                    ("company_id", "in", [False, self.company_id.id]),
                ]
            )
            by_value = products.grouped(name)
            for line in lines:
                code = links._code_of(line.sku, line.title, line.variant)
                value = line.sku if name == "default_code" else line.barcode or line.sku
                fitting = by_value.get(value)
                if code not in found and fitting is not None and len(fitting) == 1:
                    found[code] = (fitting, 1.0)
        return found

    def _tell_order(self, telling, goods):
        """The order as the API takes it, when all its goods are known."""
        draft, channel = telling.draft, self.channel_id
        told = {**draft.told, "channel": channel.code or "-", "lines": []}
        links, extra, whole = self.env["dropship.channel.sku"], decimal(0), self.env.ref("uom.product_uom_unit")
        for line in draft.lines:
            row = telling.row_of(line.row)
            code = links._code_of(line.sku, line.title, line.variant)
            if not code:
                telling.problems[row].append(["sku_empty", {}])
                continue
            if code not in goods:
                telling.problems[row].append(["sku_unknown", {"code": code}])
                continue
            product, pieces = goods[code]
            quantity, price = line.quantity, line.price
            if pieces != 1.0:
                quantity = line.quantity * decimal(pieces)
                if price is not None:
                    price, more = share(line.price * line.quantity, quantity)
                    extra += more
            if quantity != quantity.to_integral() and product.uom_id == whole:
                figures = {"quantity": f"{quantity:f}", "product": product.display_name}
                telling.problems[row].append(["quantity_part", figures])
            vals = {"sku": code[:64], "quantity": float(quantity), "product_id": product.id, "pieces": pieces}
            if price is not None:
                vals["price"] = float(price)
            for name, text in (("id", line.line_id), ("personalisation", line.personalisation[:2000])):
                if text:
                    vals[name] = text
            told["lines"].append(vals)
        if extra:
            told["discount"] = float(decimal(told.get("discount", 0.0)) + extra)
        self._tell_terms(telling, told)
        telling.told = told

    def _tell_terms(self, telling, told):
        """What the channel's own terms add: its money, its deadline, its delivery method."""
        wanted = self.channel_id._order_currency().name
        first = telling.row_of(telling.draft.rows[0])
        if told.get("currency", wanted) != wanted:
            telling.problems[first].append(["currency_other", {"name": told["currency"], "wanted": wanted}])
        since = telling.draft.totals.get("paid_at") or telling.draft.totals.get("ordered_at")
        hours = self.channel_id.ship_by_hours
        if since and hours and "promise" not in told:
            moment = fields.Datetime.add(fields.Datetime.to_datetime(since[:19].replace("T", " ")), hours=hours)
            told["promise"] = {"ship_by": f"{moment:%Y-%m-%dT%H:%M:%S}Z"}
        service = telling.draft.totals.get("service")
        if service and self.env["delivery.carrier"].search_count(
            [("name", "=", service), ("company_id", "in", [False, self.company_id.id])], limit=1
        ):
            told["shipping"] = {**told.get("shipping", {}), "service": service}
        elif "shipping" in told and not told["shipping"]:
            del told["shipping"]

    def _check_prices(self, tellings):
        """Prices far from ours are looked at by a person: a lost decimal point ships goods for nothing."""
        limit = self.channel_id.price_alarm_percent
        currency = self.channel_id._order_currency()
        told = [
            (telling, line, vals)
            for telling in tellings
            if telling.told and telling.told.get("currency", currency.name) == currency.name
            and len(telling.told["lines"]) == len(telling.draft.lines)
            for line, vals in zip(telling.draft.lines, telling.told["lines"], strict=True)
        ]  # fmt: skip
        if not limit or not told:
            return
        products = self.env["product.product"].browse({vals["product_id"] for _telling, _line, vals in told})
        ours = self._our_prices(products.with_company(self.company_id), currency)
        for telling, line, vals in told:
            price, own = vals.get("price"), ours.get(vals["product_id"])
            if price is None or not own:
                continue
            if abs(price - own) * 100 > limit * own:
                telling.problems[telling.row_of(line.row)].append(
                    ["price_far", {"price": f"{price:.2f}", "ours": f"{own:.2f}"}]
                )

    def _our_prices(self, products, currency):
        """{product id: what we sell it at on the channel}."""
        pricelist = self.channel_id.pricelist_id
        day = fields.Datetime.now()
        if pricelist and pricelist.currency_id == currency:
            return pricelist._get_products_price(products, 1.0, date=day)
        own = self.company_id.currency_id
        return {
            product.id: own._convert(product.lst_price, currency, self.company_id, day.date(), round=False)
            for product in products
        }

    # ------------------------------------------------------------------
    # What the API would say
    # ------------------------------------------------------------------

    def _api(self):
        return self.env["dropship.api"].with_company(self.company_id).with_context(
            dropship_file_channel=self.channel_id.id
        )

    def _bodies(self, tellings):
        """The orders that can be told, and their bodies for the API."""
        ready = [telling for telling in tellings if telling.told and self._is_clear(telling)]
        return ready, [{**telling.told, "channel": self.channel_id._file_code()} for telling in ready]

    @api.model
    def _is_clear(self, telling):
        """Whether nothing hard speaks against it, and what is soft was accepted."""
        return all(
            reason[0] in SOFT and row.accepted for row, reasons in telling.problems.items() for reason in reasons
        )

    def _dry_run(self, tellings):
        """Ask the API what it would say, without entering anything."""
        ready, bodies = self._bodies(tellings)
        problems = {}
        for index, (telling, body) in enumerate(zip(ready, bodies, strict=True)):
            own = ("product_id", "pieces")
            plain = {**telling.told, "lines": [{name: value for name, value in line.items() if name not in own}
                                               for line in telling.told["lines"]]}  # fmt: skip
            found = check("api_create_orders", {"orders": [plain]})
            problems[index] = [problem._replace(path=problem.path.replace("orders[0]", f"orders[{index}]", 1))
                               for problem in found] or order_problems(body, f"orders[{index}]")  # fmt: skip
        self._api()._entries(bodies, problems)
        for index, telling in enumerate(ready):
            self._take_problems(telling, problems[index])

    def _take_problems(self, telling, problems):
        """Put problems of the API onto the rows they are about."""
        for problem in problems:
            if problem.code == "exists":
                telling.known = problem.figures.get("order")
                continue
            row = telling.row_of(telling.draft.rows[0])
            place = problem.path.partition(".lines[")[2].partition("]")[0]
            if place.isdecimal() and int(place) < len(telling.draft.lines):
                row = telling.row_of(telling.draft.lines[int(place)].row)
            figures = {name: value if isinstance(value, (int, float, str)) else str(value)
                       for name, value in problem.figures.items()}  # fmt: skip
            telling.problems[row].append([problem.code, figures])

    # ------------------------------------------------------------------
    # What is written on the rows
    # ------------------------------------------------------------------

    def _note(self, rows, tellings):
        """Write on each row what would become of it."""
        known = self._known_orders(tellings)
        facts = self._facts(tellings)
        proposals = self._proposals(tellings)
        writes = defaultdict(list)
        for telling in tellings:
            for index in telling.draft.rows:
                row = telling.row_of(index)
                state, reasons, order_id = self._verdict(telling, index, known)
                code = facts.get(row, {}).get("code")
                perhaps = proposals.get(code, False) if state == "problem" else False
                vals = {
                    "number": telling.draft.number or row.number or False,
                    "state": state,
                    "reasons": reasons or False,
                    "order_id": order_id,
                    "proposal_id": perhaps,
                    **facts.get(row, {}),
                }
                writes[repr(sorted(vals.items(), key=str))].append((row, vals))
        for group in writes.values():
            same = self.env["dropship.order.file.row"].union(*[row for row, _vals in group]).sudo()
            vals = dict(group[0][1])
            state = vals.pop("state")
            same.filtered(lambda row: row.state == "dropped")._set_state("problem")
            same._set_state(state)
            same.write(vals)

    def _verdict(self, telling, index, known):
        """(state, reasons, id of our order) of a row."""
        draft, row = telling.draft, telling.row_of(index)
        order = known.get(draft.number)
        if index in draft.skipped:
            reason = draft.skipped[index]
            gone = not draft.told and reason[0] in ("cancelled", "refunded")
            if order and gone and order.state != "cancel":
                return "problem", [["cancelled_there", {**reason[1], "order": order.name}]], order.id
            return "skipped", [reason], order.id if order else False
        if order:
            return "duplicate", [["known", {"order": order.name}]], order.id
        if telling.known:  # it is there, but not for this reader
            return "duplicate", [["known", {"order": telling.known}]], False
        open_reasons = {
            one: [reason for reason in reasons if not (reason[0] in SOFT and one.accepted)]
            for one, reasons in telling.problems.items()
        }
        if any(open_reasons.values()):
            return "problem", open_reasons.get(row) or [["order_waits", {}]], False
        return "waiting", [], False

    def _known_orders(self, tellings):
        """{number: our order} of the channel."""
        numbers = [telling.draft.number for telling in tellings if telling.draft.number]
        orders = self.env["sale.order"].search(
            [("dropship_channel_id", "=", self.channel_id.id), ("client_order_ref", "in", numbers)]
        )
        return {order.client_order_ref: order for order in orders}

    def _facts(self, tellings):
        """{row: what is shown of it}."""
        links, facts = self.env["dropship.channel.sku"], {}
        for telling in tellings:
            receiver = (telling.draft.told or {}).get("customer", {}).get("name", "")
            for index in telling.draft.rows:
                facts[telling.row_of(index)] = {"receiver": receiver or False}
            for line in telling.draft.lines:
                facts[telling.row_of(line.row)] |= {
                    "code": links._code_of(line.sku, line.title, line.variant) or False,
                    "title": line.title or False,
                    "quantity": float(line.quantity),
                    "price": float(line.price or 0),
                }
        return facts

    def _proposals(self, tellings):
        """{code: product it perhaps is}: by what is listed under the title here, by suppliers' codes."""
        unknown = {}
        for telling in tellings:
            for line in telling.draft.lines:
                reasons = telling.problems.get(telling.row_of(line.row)) or ()
                for reason in reasons:
                    if reason[0] == "sku_unknown" and len(unknown) < PROPOSALS:
                        unknown[reason[1]["code"]] = line
        found = {}
        if not unknown:
            return found
        offers = self.env["dropship.offer"].sudo().search(  # which product a code is of, nothing of who sells it
            [("company_id", "in", [False, self.company_id.id]), ("product_id", "!=", False),
             ("sku", "in", [line.sku for line in unknown.values() if line.sku])]
        )  # fmt: skip
        by_code = {code_key(offer.sku): offer.product_id for offer in offers}
        titles = [line.title for line in unknown.values() if line.title]
        listed = self.env["product.product"].search(
            [("name", "in", titles), ("sale_ok", "=", True), ("company_id", "in", [False, self.company_id.id])]
        )
        mine = self.env["dropship.listing"].sudo().search(
            [("channel_id", "=", self.channel_id.id), ("product_tmpl_id", "in", listed.product_tmpl_id.ids)]
        ).product_tmpl_id
        by_title = {}
        for product in listed.sorted(lambda product: product.product_tmpl_id in mine):
            by_title[product.name] = product
        for code, line in unknown.items():
            product = by_code.get(code_key(line.sku)) or by_title.get(line.title)
            if product:
                found[code] = product.id
        return found
