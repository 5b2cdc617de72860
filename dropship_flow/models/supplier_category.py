"""Suppliers' own categories as a small tree with counts, so that nobody groups a million offers to show a panel."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import OrderedSet

from ..desk import escaped

SEPARATOR = " > "
TABLES = ("dropship.offer", "dropship.supplier.category", "dropship.supplier.category.use", "dropship.category.map")
# A row of the tree is the path of a company, or of what all companies share.
SAME = SQL("node.path = found.path AND node.company_id IS NOT DISTINCT FROM found.company_id")


class DropshipSupplierCategory(models.Model):
    """A path suppliers of a company use, or a part above one. Kept by `_refresh`; nobody writes here."""

    _name = "dropship.supplier.category"
    _description = "Category of Suppliers"
    _parent_name = "parent_id"
    _order = "path, id"
    _rec_name = "path"
    _log_access = False

    path = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Last Part", required=True, readonly=True)
    parent_id = fields.Many2one("dropship.supplier.category", readonly=True, ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index=True)
    offer_count = fields.Integer(string="Offers", readonly=True, help="Of this category and those below it.")
    use_ids = fields.One2many("dropship.supplier.category.use", "category_id", string="Used By")

    _path_uniq = models.UniqueIndex("(path, COALESCE(company_id, 0))", "This category is there already.")

    @api.depends("path", "name")
    @api.depends_context("hierarchical_naming")
    def _compute_display_name(self):
        whole = self.env.context.get("hierarchical_naming", True)
        for category in self:
            category.display_name = category.path if whole else category.name

    @api.model
    def _refresh(self):
        """Count again what suppliers offer under which path, for all companies, set by set.

        Paths nobody uses any more go away, with the rows that say who used them; maps are kept.
        """
        for model in TABLES:
            self.env[model].flush_model()
        cr = self.env.cr
        cr.execute(
            """
            CREATE TEMP TABLE dropship_path_use ON COMMIT DROP AS
            SELECT company_id, supplier_id, category AS path, count(*)::int AS offers
              FROM dropship_offer WHERE active IS TRUE AND category IS NOT NULL AND category <> ''
             GROUP BY company_id, supplier_id, category
            """
        )
        cr.execute(
            """
            CREATE TEMP TABLE dropship_path ON COMMIT DROP AS
            SELECT used.company_id, array_to_string(parts[1:depth], ' > ') AS path,
                   NULLIF(array_to_string(parts[1:depth - 1], ' > '), '') AS above, parts[depth] AS name,
                   sum(used.offers)::int AS offers
              FROM dropship_path_use used
             CROSS JOIN LATERAL string_to_array(used.path, ' > ') AS parts
             CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
             GROUP BY 1, 2, 3, 4
            """
        )
        self._refresh_tree(cr)
        self._refresh_uses(cr)
        cr.execute("DROP TABLE dropship_path, dropship_path_use")
        for model in TABLES[1:3]:
            self.env[model].invalidate_model(flush=False)
        self.env["dropship.category.map"]._mark_uses()

    @api.model
    def _refresh_tree(self, cr):
        cr.execute(
            SQL(
                """
                INSERT INTO dropship_supplier_category (path, name, company_id, offer_count)
                SELECT found.path, found.name, found.company_id, 0 FROM dropship_path found
                 WHERE NOT EXISTS (SELECT FROM dropship_supplier_category node WHERE %(same)s)
                 ORDER BY found.path
                """,
                same=SAME,
            )
        )
        cr.execute(
            SQL(
                """
                UPDATE dropship_supplier_category node SET offer_count = found.offers, parent_id = above.id
                  FROM dropship_path found
                  LEFT JOIN dropship_supplier_category above
                    ON above.path = found.above AND above.company_id IS NOT DISTINCT FROM found.company_id
                 WHERE %(same)s AND (node.offer_count, node.parent_id) IS DISTINCT FROM (found.offers, above.id)
                """,
                same=SAME,
            )
        )

    @api.model
    def _refresh_uses(self, cr):
        cr.execute(
            SQL(
                """
                UPDATE dropship_supplier_category_use known SET offer_count = found.offers
                  FROM dropship_path_use found JOIN dropship_supplier_category node ON %(same)s
                 WHERE known.category_id = node.id AND known.supplier_id = found.supplier_id
                   AND known.offer_count <> found.offers;
                INSERT INTO dropship_supplier_category_use (category_id, supplier_id, company_id, path, offer_count)
                SELECT node.id, found.supplier_id, found.company_id, found.path, found.offers
                  FROM dropship_path_use found JOIN dropship_supplier_category node ON %(same)s
                 WHERE NOT EXISTS (
                       SELECT FROM dropship_supplier_category_use known
                        WHERE known.category_id = node.id AND known.supplier_id = found.supplier_id)
                 ORDER BY node.id
                """,
                same=SAME,
            )
        )
        cr.execute(
            SQL(
                """
                DELETE FROM dropship_supplier_category_use known
                 WHERE NOT EXISTS (
                       SELECT FROM dropship_path_use found JOIN dropship_supplier_category node ON %(same)s
                        WHERE node.id = known.category_id AND found.supplier_id = known.supplier_id);
                DELETE FROM dropship_supplier_category node
                 WHERE NOT EXISTS (SELECT FROM dropship_path found WHERE %(same)s)
                """,
                same=SAME,
            )
        )

    @api.model
    def _cron_refresh(self):
        self._refresh()


class DropshipSupplierCategoryUse(models.Model):
    """How many offers a supplier has under one of his paths, and which rule says where they go in our shop."""

    _name = "dropship.supplier.category.use"
    _description = "Category of One Supplier"
    _order = "offer_count desc, path, id"
    _rec_name = "path"
    _log_access = False

    category_id = fields.Many2one(
        "dropship.supplier.category", string="Supplier's Category", required=True, readonly=True, ondelete="cascade"
    )
    supplier_id = fields.Many2one("dropship.supplier", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index=True)
    path = fields.Char(string="Category", required=True, readonly=True)
    offer_count = fields.Integer(string="Offers", readonly=True)
    map_id = fields.Many2one(
        "dropship.category.map", string="Mapped By", readonly=True, ondelete="set null", index="btree_not_null"
    )
    categ_id = fields.Many2one(related="map_id.categ_id")
    public_categ_ids = fields.Many2many(related="map_id.public_categ_ids")

    _once = models.UniqueIndex("(category_id, supplier_id)", "This category is counted already.")

    def action_offers(self):
        """The offers behind the figure."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer_browse"),
            "domain": [("supplier_id", "=", self.supplier_id.id), ("category", "=", self.path)],
        }

    def action_map(self):
        """Say for all chosen categories at once where they go."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Categories"),
            "res_model": "dropship.category.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_category_use_ids": self.ids},
        }


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    supplier_category_id = fields.Many2one(
        "dropship.supplier.category",
        string="Category",
        compute="_compute_supplier_category_id",
        search="_search_supplier_category_id",
    )

    # What people narrow by and group by, in one small index: panels and groups never read the offers themselves, and
    # since none of it changes with price or stock, a feed's updates leave the index alone. The condition is written as
    # Odoo's searches write it: PostgreSQL would read the offers to make sure that another one means the same.
    _browse_idx = models.Index("(category, supplier_id, brand, company_id) WHERE active IS TRUE")

    @api.depends("category", "company_id")
    def _compute_supplier_category_id(self):
        paths = list({offer.category for offer in self if offer.category})
        found = self.env["dropship.supplier.category"].search([("path", "in", paths)]) if paths else ()
        known = {(category.path, category.company_id): category for category in found}
        for offer in self:
            offer.supplier_category_id = known.get((offer.category, offer.company_id), False)

    def _search_supplier_category_id(self, operator, value):
        """Offers of these categories; a category of the tree stands for those below it as well."""
        if operator not in ("in", "child_of"):
            return NotImplemented
        values = list(value) if isinstance(value, list | tuple | set | frozenset | OrderedSet) else [value]
        ids = [one for one in values if one]
        categories = self.env["dropship.supplier.category"].browse(ids).exists()
        categories.check_access("read")
        if operator == "child_of" and categories:
            below = [Domain("path", "=like", f"{escaped(path)}{SEPARATOR}%") for path in categories.mapped("path")]
            categories |= categories.search(Domain.OR(below))
        found = Domain("category", "in", sorted(set(categories.mapped("path"))))
        return found | Domain("category", "=", False) if len(ids) < len(values) else found

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        """Override: the tree of suppliers' categories and its counts are kept, not counted over all offers."""
        if field_name != "supplier_category_id":
            return super().search_panel_select_range(field_name, **kwargs)
        categories = self.env["dropship.supplier.category"]
        found = categories.search_fetch(
            [("offer_count", ">", 0)], ["name", "parent_id", "offer_count"], limit=kwargs.get("limit")
        )
        if kwargs.get("limit") and len(found) == kwargs["limit"]:
            return {"error_msg": self.env._("Too many categories to display.")}
        return {
            "parent_field": "parent_id",
            "values": [
                {"id": one.id, "display_name": one.name, "parent_id": one.parent_id.id or False,
                 "__count": one.offer_count}
                for one in found
            ],
        }  # fmt: skip

