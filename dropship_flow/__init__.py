from . import controllers, models, wizards


def uninstall_hook(env):
    """Vendor prices projected from offers would look like agreed prices once the offers are gone."""
    env.cr.execute("DELETE FROM product_supplierinfo WHERE dropship_offer_id IS NOT NULL")
