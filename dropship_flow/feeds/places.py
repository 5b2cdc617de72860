"""Countries as price lists write them."""

import re

try:
    from ..address.countries import country_of as country_named
except ImportError:  # the package by itself, without the addon around it
    from address.countries import country_of as country_named


def country_of(text):
    """ISO code of a country written as code or name, '' if it is none.

    >>> country_of("cn"), country_of("Made in China"), country_of("德国制造"), country_of("Atlantis")
    ('CN', 'CN', 'DE', '')
    >>> country_of("Großbritannien"), country_of("UK")
    ('GB', 'GB')
    """
    word = re.sub(r"^(made in|hergestellt in|product of|origin:?)\s+|制造$|生产$", "", text.strip().casefold())
    if re.fullmatch("[a-z]{2}", word):
        return {"uk": "GB", "el": "GR"}.get(word, word.upper())
    return country_named(word)
