"""Reading the machine's apt sources, finding Odoo, checking its package."""

import pytest

from flow import debian, source
from flow.say import Stop

SOURCES = """# a comment
Types: deb
URIs: mirror://one/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/k.gpg

Types: deb
URIs: mirror://one/security
Suites: bookworm-security
Components: main
"""


@pytest.fixture
def etc(tmp_path, monkeypatch):
    (tmp_path / "sources.list.d").mkdir()
    monkeypatch.setattr(debian, "SOURCES", tmp_path)
    return tmp_path


def test_deb822_entry(etc):
    (etc / "sources.list.d" / "debian.sources").write_text(SOURCES)
    assert debian.source_entries("bookworm") == [("mirror://one/debian", "/usr/share/keyrings/k.gpg")]


def test_one_line_entry(etc):
    (etc / "sources.list").write_text(
        "deb [arch=amd64 signed-by=/k.gpg] mirror://two/debian bookworm main contrib\n# deb x bookworm main\n"
    )
    assert debian.source_entries("bookworm") == [("mirror://two/debian", "/k.gpg")]


def test_machine_without_debian_sources(etc, tmp_path):
    with pytest.raises(Stop, match="ODOO_HOME"):
        debian.PrivateApt(tmp_path, "sid")


def odoo_folder(folder, version):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, 'final', 0, '')\n")
    return folder


def test_odoo_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(odoo_folder(tmp_path / "checkout", "19, 0")))
    assert source.find() == tmp_path / "checkout"


@pytest.mark.parametrize("version", ["18, 0", "20, 0"])
def test_odoo_home_of_another_release(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_HOME", str(odoo_folder(tmp_path / "checkout", version)))
    with pytest.raises(Stop, match="point it at an Odoo 19"):
        source.find()


def test_damaged_package_is_removed(tmp_path):
    file = tmp_path / f"odoo-19_{source.recorded()['version']}_all.deb"
    file.write_bytes(b"half")
    source.check(file)
    assert not file.exists()


def test_another_version_warns_and_stays(tmp_path, capsys):
    file = tmp_path / "odoo-19_19.0.1_all.deb"
    file.write_bytes(b"newer")
    source.check(file, warns=True)
    assert file.exists()
    assert "is not the tried" in capsys.readouterr().err
