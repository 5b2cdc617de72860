"""What no schema can say about an order: fields that exclude each other, and when two calls are the same."""

import hashlib
import json

from .validate import Problem

ADDRESS_PARTS = ("state", "city", "district", "street", "street2", "zip")


def order_problems(order, path):
    """The problems of an order whose types are right.

    >>> order_problems({"address": {"text": "Berlin", "city": "Berlin"}, "lines": [{"sku": "A"}]}, "orders[0]")
    [Problem(path='orders[0].address.city', code='text_or_parts', figures={})]
    >>> order_problems({"address": {"text": "Berlin"}, "lines": [{"sku": "A", "barcode": "1"}]}, "orders[0]")
    [Problem(path='orders[0].lines[0]', code='sku_or_barcode', figures={})]
    >>> order_problems({"address": {"street": "x"}, "lines": []}, "o")[0].code
    'no_country'
    """
    found = []
    address = order["address"]
    if "text" in address:
        for name in ADDRESS_PARTS:
            if name in address:
                found.append(Problem(f"{path}.address.{name}", "text_or_parts", {}))
    elif not address.get("country"):
        found.append(Problem(f"{path}.address.country", "no_country", {}))
    for index, line in enumerate(order["lines"]):
        if ("sku" in line) == ("barcode" in line):
            found.append(Problem(f"{path}.lines[{index}]", "sku_or_barcode", {}))
    return found


def twice(orders):
    """{index: index of the first} of orders whose number came before in the same call.

    >>> twice([{"channel": "a", "number": "1"}, {"channel": "b", "number": "1"}, {"channel": "a", "number": "1"}])
    {2: 0}
    """
    first, found = {}, {}
    for index, order in enumerate(orders):
        key = (order["channel"], order["number"])
        if key in first:
            found[index] = first[key]
        else:
            first[key] = index
    return found


def fingerprint(method, body):
    """The same for two calls that say the same, however they are written.

    >>> fingerprint("m", {"a": 1, "b": 2}) == fingerprint("m", {"b": 2, "a": 1})
    True
    >>> fingerprint("m", {"a": 1}) == fingerprint("n", {"a": 1})
    False
    """
    canonical = json.dumps([method, body], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


def status_of(results):
    """The HTTP status of an answer: refused only when nothing was accepted.

    >>> status_of([{"status": "created"}, {"status": "refused"}]), status_of([{"status": "refused"}])
    (200, 422)
    """
    return 422 if results and all(result["status"] == "refused" for result in results) else 200
