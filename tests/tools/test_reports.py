"""What counts as a failure in `make test`, and what a database's content hash is made of."""

from flow import databases, testing

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="quiet"><skipped message="not today"/></testcase>
<testcase classname="a" name="asked"><skipped message="opt-in: SOAK=1"/></testcase>
</testsuite></testsuites>"""


def read(tmp_path, text, code, skips=testing.ALLOWED_SKIP):
    report = tmp_path / "report.xml"
    report.write_text(text)
    return testing.read_report("group", report, code, skips)


def test_failures_errors_and_silent_skips_fail(tmp_path):
    result = read(tmp_path, REPORT, 1)
    assert (result.passed, result.failed) == (1, 3)
    assert any("quiet" in note for note in result.notes)


def test_core_may_skip(tmp_path):
    assert read(tmp_path, REPORT, 1, skips="").failed == 2


def test_nothing_collected_fails(tmp_path):
    assert read(tmp_path, "<testsuites/>", 5).failed == 1


def test_no_report_fails(tmp_path):
    assert testing.read_report("group", tmp_path / "none.xml", 3, "").failed == 1


def test_bad_end_without_a_failed_test_fails(tmp_path):
    assert read(tmp_path, '<testsuite><testcase classname="a" name="good"/></testsuite>', 2).failed == 1


def test_content_hash_leaves_tests_out(tmp_path, monkeypatch):
    for addon in databases.ADDONS:
        (tmp_path / addon / "tests").mkdir(parents=True)
        (tmp_path / addon / "__manifest__.py").write_text("{}")
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    hashes = []
    for change in (None, "tests/test_a.py", "models.py"):
        if change:
            (tmp_path / databases.ADDONS[0] / change).write_text("x = 1")
        databases.content_hash.cache_clear()
        hashes.append(databases.content_hash())
    databases.content_hash.cache_clear()
    assert hashes[0] == hashes[1] != hashes[2]
