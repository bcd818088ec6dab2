"""`consulta search rebuild`, as an operator uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consulta.cli import main
from consulta.config import Settings
from consulta.search import index_of
from tests.builders import World


@pytest.fixture
def environment(database_url: str, tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTA_DATABASE_URL", database_url)
    monkeypatch.setenv("CONSULTA_INSTANCE", str(tmp_path))


@pytest.mark.usefixtures("environment")
def test_rebuild_says_how_many_texts_there_are() -> None:
    result = CliRunner().invoke(main, ["search", "rebuild", "--json"])

    # Three windows of two topics each.
    assert json.loads(result.stdout) == {"documents": 9}
    assert CliRunner().invoke(main, ["search", "rebuild"]).stdout == "9 textos en el índice.\n"


@pytest.mark.usefixtures("environment")
def test_rebuild_waits_for_who_is_writing(settings: Settings) -> None:
    with index_of(settings.search_index, settings.database_url).alone():
        result = CliRunner().invoke(main, ["search", "rebuild"])

    assert result.exit_code == 2
    assert "espere a que termine" in result.output
