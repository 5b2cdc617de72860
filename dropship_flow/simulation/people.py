"""Invented customers. Mail goes to example.com, telephone numbers are kept free for inventions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    street: str
    city: str
    zip: str
    state: str  # code of the state, '' none
    country: str  # ISO code
    phone: str
    email: str
    lang: str = "en_US"


FIRST = {
    "DE": ("Lena", "Paul", "Mia", "Felix", "Clara", "Emre", "Hannah", "Moritz"),
    "AT": ("Valentina", "Lukas", "Theresa"),
    "FR": ("Camille", "Louis", "Inès"),
    "NL": ("Sanne", "Daan", "Fleur"),
    "PL": ("Zofia", "Jakub", "Maja"),
}
LAST = {
    "DE": ("Hoffmann", "Schäfer", "Demir", "Vogel", "Brandt", "Keller", "Nguyen", "Groß"),
    "AT": ("Gruber", "Steiner", "Wallner"),
    "FR": ("Lefèvre", "Moreau", "Dubois"),
    "NL": ("de Vries", "Bakker", "Visser"),
    "PL": ("Kowalska", "Nowak", "Wójcik"),
}
PLACES = {
    "DE": (
        ("Lindenstraße", "Berlin", "10969", "BE"),
        ("Marktplatz", "Bremen", "28195", "HB"),
        ("Gartenweg", "Freiburg", "79098", "BW"),
        ("Hafenstraße", "Rostock", "18055", "MV"),
        ("Schulstraße", "Fürth", "90762", "BY"),
    ),
    "AT": (("Mariahilfer Straße", "Wien", "1060", ""), ("Getreidegasse", "Salzburg", "5020", "")),
    "FR": (("Rue des Lilas", "Lyon", "69003", ""), ("Quai de la Fosse", "Nantes", "44000", "")),
    "NL": (("Prinsengracht", "Amsterdam", "1017 KA", ""), ("Witte de Withstraat", "Rotterdam", "3012 BL", "")),
    "PL": (("ulica Długa", "Kraków", "31-147", ""), ("ulica Polna", "Poznań", "60-535", "")),
}
REMOTE_EUROPE = (("Oberland", "Helgoland", "27498", "SH", "DE"), ("Rue du Port", "Ajaccio", "20000", "", "FR"))
DIAL = {"DE": "+49 30 23125", "AT": "+43 1 5550", "FR": "+33 1 99 00", "NL": "+31 20 555", "PL": "+48 22 555"}

CHINESE = ("王芳", "李伟", "张敏", "刘洋", "陈静", "杨磊", "赵雪", "黄婷", "周杰", "吴桐", "徐悦", "孙浩")
CHINESE_PLACES = (
    ("西湖区文三路 {n} 号", "杭州市", "310012", "浙"),
    ("浦东新区世纪大道 {n} 号", "上海市", "200120", "沪"),
    ("姑苏区平江路 {n} 号", "苏州市", "215005", "苏"),
    ("天河区体育西路 {n} 号", "广州市", "510620", "粤"),
    ("朝阳区建国路 {n} 号", "北京市", "100022", "京"),
    ("武侯区人民南路 {n} 号", "成都市", "610041", "蜀"),
)
REMOTE_CHINA = (
    ("天山区解放北路 {n} 号", "乌鲁木齐市", "830002", "新"),
    ("城关区北京中路 {n} 号", "拉萨市", "850000", "藏"),
)


def european(dice, remote=False):
    """A customer of the western shop; `dice` is a seeded random.Random.

    >>> from random import Random
    >>> one, two = european(Random(3)), european(Random(3))
    >>> one == two, one.email.endswith("@example.com")
    (True, True)
    """
    if remote:
        street, city, code, state, country = dice.choice(REMOTE_EUROPE)
    else:
        country = dice.choices(("DE", "AT", "FR", "NL", "PL"), (60, 14, 10, 8, 8))[0]
        street, city, code, state = dice.choice(PLACES[country])
    name = f"{dice.choice(FIRST[country])} {dice.choice(LAST[country])}"
    number = dice.randint(100, 999)
    return Person(
        name=name,
        street=f"{street} {dice.randint(1, 180)}",
        city=city,
        zip=code,
        state=state,
        country=country,
        phone=f"{DIAL[country]} {number}",
        email=f"customer{dice.randint(1000, 9999)}@example.com",
    )


def chinese(dice, remote=False):
    """A customer of the Chinese shop."""
    street, city, code, state = dice.choice(REMOTE_CHINA if remote else CHINESE_PLACES)
    return Person(
        name=dice.choice(CHINESE),
        street=street.format(n=dice.randint(1, 400)),
        city=city,
        zip=code,
        state=state,
        country="CN",
        phone=f"+86 170 0000 {dice.randint(0, 9999):04d}",
        email=f"customer{dice.randint(1000, 9999)}@example.com",
        lang="zh_CN",
    )
