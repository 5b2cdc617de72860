"""The profit ledger while everybody works: whoever reads sees one moment, no fact counts twice, whatever dies where."""

import pytest
from harness import WORKERS, cron, die, die_at, environment, on_query, rounds
from profits import check, collect, collector, in_company, reader, rebuilder, report, steady_collector, writer
from work import baskets

# Where collectors die, in tenths of their queries.
DEATHS = range(1, 10)


@pytest.fixture(scope="module")
def company(shop):
    """Id of the shop's company, with books."""
    from odoo.addons.dropship_flow.tests.common_books import BooksCase  # noqa: PLC0415 - Odoo is loaded by the shop

    with shop.world() as world:
        accounts = BooksCase.open_books.__func__(world, world.company)
        suppliers = world.env["dropship.supplier"].search([("company_id", "=", world.company.id)])
        for partner in (world.anna, *suppliers.partner_id):
            BooksCase.set_accounts.__func__(world, partner.with_company(world.company), accounts)
        (world.lamp + world.stand + world.cable).write({"taxes_id": [(5,)], "supplier_taxes_id": [(5,)]})
        return world.company.id


def settled(shop, company):
    """When all is quiet: collected once more, everything is explained and there once, one edition is live."""
    answer = shop.alone(collector(company, 1))
    assert answer.fine, answer
    with shop.env() as env:
        env = in_company(env, company)
        assert collect(env, company) == 0
        said = report(env, company)
        check(env, company, said)
        assert not any(row["unexplained"] for row in said["month"].values())
        assert not env["dropship.profit.reconcile"]._twice(env["res.company"].browse(company), env.cr.now().date())
    live = "SELECT count(*) FROM dropship_profit_generation WHERE company_id = %s AND state = 'live'"
    assert shop.sql(live, company) == [(1,)]
    return said


def orders(shop, count):
    with shop.world() as world:
        return baskets(world, count)


def size(shop, company):
    """(entries, estimates, watermarks) as committed."""
    return shop.sql(
        """
        SELECT (SELECT count(*) FROM dropship_profit_entry WHERE company_id = %(company)s),
               (SELECT count(*) FROM dropship_profit_estimate WHERE company_id = %(company)s),
               (SELECT max(until) FROM dropship_profit_watermark WHERE company_id = %(company)s)
        """.replace("%(company)s", str(int(company)))
    )


# --- stories ---


def test_a_report_while_eight_write(shop, company):
    """Eight people work, two collect, one reports: each report is one moment, and in the end all is there once."""
    each = rounds(2, 12)
    ids = orders(shop, WORKERS * each)
    jobs = [writer(company, ids[number::WORKERS]) for number in range(WORKERS)]
    jobs += [*[steady_collector(company, ids)] * 2, reader(company, ids)]
    answers = shop.together(*jobs, timeout=900)
    assert all(answer.fine for answer in answers), [answer for answer in answers if not answer.fine]
    made, different = answers[-1].value
    assert made > 1
    assert different > 1, "nothing happened while reports were made"
    said = settled(shop, company)
    assert len([key for key in said["by"]["order_id"] if key != "sale.order()"]) >= len(ids)


def test_a_ledger_written_anew_while_others_collect(shop, company):
    """Rebuilding, collecting and working at once: one edition is in use, with every fact once."""
    for _round in range(rounds(1, 6)):
        ids = orders(shop, 4)
        jobs = [writer(company, ids[number::4]) for number in range(4)]
        answers = shop.together(
            *jobs, rebuilder(company), rebuilder(company), *[collector(company, 2)] * 2, timeout=600
        )
        assert all(answer.fine for answer in answers), [answer for answer in answers if not answer.fine]
        settled(shop, company)


def test_two_who_collect_first_at_once(shop, company):
    """New documents, eight collectors at the same instant: what is new is written once."""
    ids = orders(shop, 2)
    assert shop.alone(writer(company, ids)).fine
    answers = shop.together(*[collector(company, 1)] * WORKERS)
    assert all(answer.fine for answer in answers), answers
    settled(shop, company)


def test_the_nightly_run_meets_others(shop, company):
    """People collect while the nightly run does, which nobody repeats: it goes through and finds all."""
    ids = orders(shop, 2)
    assert shop.alone(writer(company, ids)).fine
    nightly = cron("dropship_flow_reports.cron_profit_collect")
    answers = shop.together(nightly, *[collector(company, 2)] * 3, nightly)
    assert all(answer.fine for answer in answers), answers
    settled(shop, company)


def test_a_collector_killed(shop, company):
    """Wherever it dies nothing half-written stays, and the next one does it."""
    [order] = orders(shop, 1)
    assert shop.alone(writer(company, [order])).fine
    before = size(shop, company)

    def counted(cr):
        count = on_query(lambda _number, _text: False)
        assert collect(environment(cr), company) > 0
        cr.rollback()
        return count[0]

    count = shop.alone(counted).value
    for tenth in DEATHS:
        answer = shop.alone(collector(company, 1), setup=die_at(max(count * tenth // 10, 1)))
        assert answer.killed, "it was through before"
        assert size(shop, company) == before
    settled(shop, company)
    assert size(shop, company) != before


def test_killed_at_the_last_moment(shop, company):
    """All is written, the power goes before the end; then the nightly run does it."""
    [order] = orders(shop, 1)
    assert shop.alone(writer(company, [order])).fine
    before = size(shop, company)

    def job(cr):
        assert collect(environment(cr), company) > 0
        die()

    assert shop.alone(job).killed
    assert size(shop, company) == before
    assert shop.alone(cron("dropship_flow_reports.cron_profit_collect")).fine
    assert size(shop, company) != before
    settled(shop, company)
