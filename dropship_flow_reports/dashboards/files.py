import json

from . import money, profit


def written():
    """{file name: text} of all dashboards, live and sample.

    >>> sorted(written())[:2]
    ['dropship_money_dashboard.json', 'dropship_money_sample_dashboard.json']
    """
    found = {}
    for name, make in (("profit", profit.make), ("money", money.make)):
        for kind, sample in (("", False), ("_sample", True)):
            text = json.dumps(make(sample), ensure_ascii=False, indent=1, sort_keys=True)
            found[f"dropship_{name}{kind}_dashboard.json"] = text + "\n"
    return found
