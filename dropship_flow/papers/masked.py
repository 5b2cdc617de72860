"""Recipients a platform hides: name, phone or street is starred out, only its label knows where the parcel goes."""

STARS = "*＊✱●"
# A star at the end of a name is a footnote; two in a row, or one inside, hide something.
FIELDS = ("name", "phone", "street", "street2")


def is_masked(address):
    """Whether the address, a dict of texts, is starred out.

    >>> is_masked({"name": "王**", "phone": "138****0000"}), is_masked({"name": "李＊"}), is_masked({"name": "Anna"})
    (True, True, False)
    >>> is_masked({"name": "Weber", "phone": "+49 30 *12"}), is_masked({"name": "Weber*"}), is_masked(None)
    (True, False, False)
    """
    address = address or {}
    return any(_hides(str(address.get(field) or ""), field) for field in FIELDS)


def _hides(text, field):
    stars = sum(text.count(star) for star in STARS)
    if not stars:
        return False
    if stars > 1 or field == "phone":
        return True
    words = text.strip()
    return words[-1] not in STARS or not words.isascii()
