import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from agent.understanding.digest import EXAMPLES, model_is_current
from agent.understanding.examples import load_examples, spell_out
from agent.understanding.reading import Intent
from agent.understanding.training import train
from tests.agent.weights import what_differs


def test_the_weights_that_ship_are_those_of_the_examples(model_path: Path, tmp_path: Path) -> None:
    again = train(out_path=tmp_path / "again.npz")
    assert what_differs(again.path, model_path) == []
    assert model_path.stat().st_size < 3_000_000


def test_a_model_is_current_until_an_example_changes(model_path: Path, tmp_path: Path) -> None:
    assert model_is_current(model_path), "run `python -m agent.understanding.training`"
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "greeting.yaml").write_text("intent: greeting\nexamples: [hola]\n")
    assert not model_is_current(model_path, tmp_path)
    assert not model_is_current(tmp_path / "none.npz")


def test_an_unknown_intent_in_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "odd.yaml").write_text("intent: order_pizza\nexamples: [hola]\n")
    with pytest.raises(ValueError, match="order_pizza"):
        load_examples(tmp_path)


def test_choices_and_slots_are_spelled_out() -> None:
    texts = spell_out("(quiero|necesito) cambiar {product}", {"product": ["la falda"]}, Random(1))
    assert sorted(texts) == ["necesito cambiar la falda", "quiero cambiar la falda"]
    with pytest.raises(ValueError, match="thing"):
        spell_out("cambiar {thing}", {}, Random(1))


def test_every_intent_has_examples_in_every_language() -> None:
    seen = {(example.language, intent) for example in load_examples(EXAMPLES) for intent in example.intents}
    assert seen == {(language, intent) for language in ("es", "en", "pt") for intent in Intent}


def test_reading_does_not_import_scikit_learn() -> None:
    code = "import sys, agent.understanding.reader; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
