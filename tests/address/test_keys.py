"""Keys are the same for the same thing and differ for different things; problems name what is missing."""

import pytest
from address.complete import is_deliverable, problems
from address.countries import ZIPS, zip_fits
from address.keys import DIAL_CODES, address_key, email_key, phone_key
from address.ship_to import changes, fingerprint, freeze

SAME_PHONES = [
    ("CN", "13812345678", "+86 138 1234 5678", "0086-138-1234-5678", "１３８１２３４５６７８", "86 13812345678"),
    ("DE", "030 901820", "+49 30 901820", "+49 (0)30 / 90 18 20", "0049 30 901820"),
    ("GB", "020 7946 0958", "+44 20 7946 0958", "(020) 7946-0958"),
    ("US", "(212) 555-0123", "+1 212 555 0123", "1-212-555-0123", "212.555.0123"),
    ("FR", "01 42 68 53 00", "+33 1 42 68 53 00"),
    ("IT", "06 6982 1234", "+39 06 6982 1234"),
    ("HK", "9123 4567", "+852 9123 4567", "85291234567"),
    ("RU", "8 912 345-67-89", "+7 912 345-67-89"),
    ("EG", "٠١٠ ١٢٣٤ ٥٦٧٨", "+20 10 1234 5678"),
]


@pytest.mark.parametrize("case", SAME_PHONES, ids=lambda case: case[0])
def test_one_phone_one_key(case):
    country, *spellings = case
    assert len({phone_key(text, country) for text in spellings}) == 1
    assert all(phone_key(text, country).isdigit() for text in spellings)


@pytest.mark.parametrize("country", sorted(DIAL_CODES))
def test_every_country_has_one_key_for_its_international_form(country):
    number = f"+{DIAL_CODES[country]} 234 567 891"
    assert phone_key(number, country) == phone_key(number, "DE") == phone_key(number)


@pytest.mark.parametrize("text", ["", None, "no", "🙂", "12", "00000000", "n/a", "-"])
def test_no_phone_no_key(text):
    assert phone_key(text, "DE") == ""


def test_extensions_are_other_people():
    assert phone_key("17012345678-1234", "CN") != phone_key("17012345678-4321", "CN")
    assert phone_key("0571-88888888转8001", "CN") == phone_key("0571 88888888 ext 8001", "CN")


def test_address_keys():
    base = {"street": "12 Main Street", "street2": "Apt 4", "zip": "62701", "city": "Springfield", "country": "US"}
    assert address_key(base) == address_key({**base, "street": "12 MAIN ST., #4", "street2": "", "zip": "62701-1234"})
    assert address_key(base) != address_key({**base, "street2": "Apt 5"})
    assert address_key({**base, "street": "", "street2": "🙂"}) == ""
    assert len(address_key({**base, "street": "x" * 2000})) <= 120
    assert address_key({**base, "street": "x" * 2000}) != address_key({**base, "street": "x" * 2001})


def test_mail_keys():
    assert email_key("Anna.Weber+x@gmail.com") == email_key("<annaweber@googlemail.com>")
    assert email_key("a@b.de") != email_key("a@b.com")
    assert email_key("nobody at home") == ""


GOOD = [
    {"name": "Li Na", "phone": "13812345678", "street": "文三路1号", "city": "杭州市", "state": "浙",
     "district": "西湖区", "country": "CN"},
    {"name": "Anna", "street": "Hauptstr. 5", "zip": "10115", "city": "Berlin", "country": "DE"},
    {"name": "Jane", "street": "1 Main St", "zip": "20500", "city": "Washington", "state": "DC", "country": "US"},
    {"name": "John", "street": "The Old Mill", "zip": "SW1A 2AA", "city": "London", "country": "GB"},
    {"name": "Ali", "phone": "+971501234567", "street": "Villa 12", "city": "Dubai", "country": "AE"},
    {"name": "Tan", "phone": "+65 6123 4567", "street": "10 Anson Road", "zip": "079903", "country": "SG"},
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD, ids=lambda address: address["country"])
def test_complete_addresses_are_left_alone(address):
    assert problems(address) == ()


@pytest.mark.parametrize("address", GOOD, ids=lambda address: address["country"])
@pytest.mark.parametrize("part", ["name", "street", "country"])
def test_without_it_no_parcel_arrives(address, part):
    assert not is_deliverable({**address, part: ""})
    assert not is_deliverable({**address, "street": "🙂🙂"})


@pytest.mark.parametrize("country", sorted(ZIPS))
def test_zip_patterns_refuse_words(country):
    assert zip_fits("not a zip", country) is False


def test_frozen_addresses():
    one = freeze(name="Anna", street="Hauptstr. 5", zip="10115", city="Berlin", country="DE", phone="030 901820")
    assert fingerprint(one) == fingerprint({**one, "name": "ANNA ", "phone": "+4930901820"})
    assert changes(one, {**one, "street": "Hauptstr. 6"}) == [("street", "Hauptstr. 5", "Hauptstr. 6")]
    assert changes(one, {**one, "name": "anna"}) == []
