"""The verifier that the documentation prints is the one that is served and exported."""

from pathlib import Path

from consulta.record.publishing import VERIFIER

ROOT = Path(__file__).parents[2]


def test_documentation_prints_the_verifier() -> None:
    printed = (ROOT / "docs" / "bitacora.md").read_text("utf-8")

    assert printed.split("```python\n")[1].split("```")[0] == VERIFIER.read_text("utf-8")
