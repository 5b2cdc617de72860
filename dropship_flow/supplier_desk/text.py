"""An order as a message one can send by chat: the supplier forwards it to his packer as it is."""


def order_text(facts, words):
    """
    :param dict facts: ref, ship_by, ship_to (lines), phone, lines [{sku, name, qty, personalisation}], message,
        gift_note, carrier_wish, sender (name, phone, address)
    :param dict words: the labels, in the reader's language

    >>> facts = {"ref": "P1", "ship_to": ["张三", "杭州"], "lines": [{"sku": "A", "name": "灯", "qty": 2.0}]}
    >>> print(order_text(facts, {"order": "订单", "goods": "商品", "ship_to": "收件"}))
    订单: P1
    收件:
    张三
    杭州
    商品:
    A × 2 灯
    """
    rows = [f"{words['order']}: {facts['ref']}"]
    if facts.get("ship_by"):
        rows.append(f"{words['ship_by']}: {facts['ship_by']}")
    rows += [f"{words['ship_to']}:", *facts["ship_to"]]
    if facts.get("phone"):
        rows.append(f"{words['phone']}: {facts['phone']}")
    rows.append(f"{words['goods']}:")
    for line in facts["lines"]:
        rows.append(f"{line['sku']} × {line['qty']:g} {line['name']}".strip())
        if line.get("personalisation"):
            rows.append(f"  {words['personalisation']}: {line['personalisation']}")
    for name in ("message", "gift_note", "carrier_wish"):
        if facts.get(name):
            rows.append(f"{words[name]}: {facts[name]}")
    sender = facts.get("sender") or {}
    told = [sender.get(part) for part in ("name", "phone", "address") if sender.get(part)]
    if told:
        rows += [f"{words['sender']}:", *told]
    return "\n".join(rows)
