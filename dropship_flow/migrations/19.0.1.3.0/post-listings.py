from odoo import SUPERUSER_ID
from odoo.api import Environment


def migrate(cr, version):
    """Goods from suppliers that are on the website already are listed there, and what can be promised is counted."""
    env = Environment(cr, SUPERUSER_ID, {})
    offered = env["dropship.offer"].search([("product_id", "!=", False)]).product_id
    templates = offered.product_tmpl_id.filtered("is_published")
    for channel in env["dropship.sales.channel"].search([("website_id", "!=", False)]):
        company, website = channel.company_id, channel.website_id
        mine = templates.filtered(
            lambda template, company=company, website=website: template.company_id in (company, company.browse())
            and template.website_id in (website, website.browse())
        )
        if mine:
            env["dropship.listing"]._publish(mine, channel)
    env["dropship.supply"]._moved(offered.ids)
