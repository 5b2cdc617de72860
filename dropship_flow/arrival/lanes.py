"""From where to where by which service, and what is more general than that."""

from typing import NamedTuple

# Where a parcel comes from and goes to, from coarse to fine; `learning.learn` goes along.
DEPTHS = ("origin", "country", "state", "zip")
# So many characters of a postcode make a region.
ZIP_CHARS = 3


def zip_region(code):
    """The region of a postcode; empty where there is none.

    >>> zip_region("90210"), zip_region(" sw1a 1aa"), zip_region("12"), zip_region(None)
    ('902', 'SW1', '', '')
    """
    text = "".join(character for character in (code or "").upper() if character.isalnum())
    return text[:ZIP_CHARS] if len(text) >= ZIP_CHARS else ""


class Lane(NamedTuple):
    """A lane of one warehouse; names or ids, whatever the caller likes; empty: not known."""

    warehouse: object
    from_country: object
    from_state: object
    country: object
    state: object = ""
    zip: str = ""
    service: object = ""

    def levels(self):
        """The keys under which its parcels are counted, from coarse to fine. What is not known ends the list.

        The first: any warehouse of the same country and province to the same country.

        >>> Lane(7, "CN", "ZJ", "CN", "BJ", "100", "std").levels()[0]
        ('origin', None, 'CN', 'ZJ', 'CN', None, None, 'std')
        >>> [key[0] for key in Lane(7, "CN", "ZJ", "DE").levels()]
        ['origin', 'country']
        """
        service = self.service or None
        found = [
            ("origin", None, self.from_country or None, self.from_state or None, self.country, None, None, service),
            ("country", self.warehouse, None, None, self.country, None, None, service),
        ]
        if self.state:
            found.append(("state", self.warehouse, None, None, self.country, self.state, None, service))
        if self.zip:
            state = self.state or None
            found.append(("zip", self.warehouse, None, None, self.country, state, self.zip, service))
        return found
