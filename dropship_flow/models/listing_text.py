"""Says in the reader's language what stands against a listing, and what it lacks."""

from odoo.tools import format_date

from ..routing.reasons import Figures
from .reason_text import FLOW_REASONS, _lt, sentence_of

HOLD_KINDS = [
    ("by_hand", "Held by hand"),
    ("supplier_blocked", "Supplier blocked"),
    ("discontinued", "Discontinued"),
    ("no_source", "No source with stock"),
    ("lead_time", "Takes too long"),
    ("price_missing", "No price"),
    ("margin_floor", "Margin below the floor"),
    ("document_missing", "Document missing"),
]
LISTING_REASONS = {
    "by_hand": _lt("Held by %(user)s: %(text)s"),
    "by_hand_until": _lt("Held by %(user)s until %(until)s: %(text)s"),
    "supplier_blocked": _lt("Nobody who sells it may be bought from: %(suppliers)s."),
    "discontinued": _lt("Discontinued by everybody who sold it (停产)."),
    "discontinued_stock": _lt("Discontinued: sold out soon."),
    "no_source": _lt("No source has stock."),
    "out_of_stock_shown": _lt("No source has stock; the channel shows it as not available."),
    "lead_time": _lt("It leaves after %(days)s days; the channel allows %(limit)s."),
    "price_missing": _lt("%(product)s has no price on this channel."),
    "margin_floor": _lt("%(product)s leaves %(have)s %% at %(price)s; the floor is %(need)s %%."),
    "document_missing": _lt("Not delivered to %(countries)s: %(kinds)s missing or expired."),
    "closes": _lt("%(supplier)s closes from %(first)s to %(last)s (%(reason)s); the last parcels leave on %(ship)s."),
}
FLOW_REASONS["document_missing"] = _lt("A document is missing or expired for %(country)s: %(kinds)s.")
POINT_REASONS = {
    "title_missing": _lt("No title."),
    "title_short": _lt("The title is short: %(have)s characters, %(need)s are good."),
    "title_long": _lt("The title is long: %(have)s characters, more than %(limit)s are cut."),
    "title_loud": _lt("The title shouts: write it in small letters, without !!."),
    "description_missing": _lt("No description."),
    "description_short": _lt("The description is short: %(have)s characters, %(need)s are good."),
    "picture_missing": _lt("No picture."),
    "pictures_few": _lt("%(have)s pictures; %(need)s are good."),
    "picture_small": _lt("The main picture has %(have)s pixels on its shorter side; %(need)s are good."),
    "category_missing": _lt("No category of the shop."),
    "attributes_missing": _lt("No attributes: colour, material, size …"),
    "gtin_missing": _lt("No barcode (GTIN): search engines and marketplaces ask for it."),
    "weight_missing": _lt("No weight."),
    "brand_missing": _lt("No brand."),
    "seo_title_missing": _lt("No title for search engines."),
    "seo_title_short": _lt("The title for search engines is short: %(have)s characters, %(need)s are good."),
    "seo_title_long": _lt("The title for search engines is long: %(have)s characters, %(limit)s are shown."),
    "seo_description_missing": _lt("No description for search engines."),
    "seo_description_short": _lt("The search description is short: %(have)s characters, %(need)s are good."),
    "seo_description_long": _lt("The search description is long: %(have)s characters, %(limit)s are shown."),
    "price_zero": _lt("No price."),
    "promise_missing": _lt("No delivery promise: nobody who sells it says when it leaves."),
}
PICTURE_REASONS = {
    "empty": _lt("The address gives an empty file."),
    "page": _lt("The address gives a web page, not a picture."),
    "svg": _lt("SVG drawings are not taken: they may carry programs. Ask for JPEG or PNG."),
    "not_a_picture": _lt("The file is no JPEG, PNG, WebP or GIF picture."),
    "too_many_pixels": _lt("The picture has more than %(limit)s million pixels."),
    "too_small": _lt("The picture is %(width)s × %(height)s; %(need)s pixels on a side are the least."),
    "broken": _lt("The picture is damaged or incomplete."),
    "refused": _lt("The address may not be called: %(text)s"),
    "too_big": _lt("The file is larger than %(limit)s MB."),
    "status": _lt("The server answers %(status)s."),
    "unreachable": _lt("The server does not answer: %(text)s"),
    "stopped": _lt("The program stopped several times while it worked on this picture."),
}
_DAYS = ("until", "first", "last", "ship")


def listing_reason(env, code, params):
    """Say one reason."""
    template = LISTING_REASONS.get(code)
    if template is None:
        return code
    params = dict(params)
    if code == "by_hand" and params.get("until"):
        template = LISTING_REASONS["by_hand_until"]
    for name in _DAYS:
        if params.get(name):
            params[name] = format_date(env, params[name])
    if code == "document_missing":
        countries = env["res.country"].browse(params["country_ids"]).exists()
        params["countries"] = ", ".join(countries.mapped("name")) or "–"
        params["kinds"] = document_words(env, params["kinds"])
    sentence = env._(template)
    return sentence % Figures(params)


def document_words(env, kinds):
    words = dict(env["dropship.product.document"]._fields["kind"]._description_selection(env))
    return ", ".join(words.get(kind, kind) for kind in kinds)


def listing_reasons_text(env, reasons):
    """One reason a line; empty when there is none."""
    return "\n".join(listing_reason(env, code, params) for code, params in reasons) or False


def point_text(env, code, params):
    """What would make the listing better, and what it costs now."""
    if code not in POINT_REASONS:
        return code
    sentence = env._(POINT_REASONS[code])
    return f"−{params.get('points', 0)}  {sentence % Figures(params)}"


def picture_text(env, code, params):
    """Why a picture was not taken."""
    return sentence_of(env, PICTURE_REASONS, code, params)
