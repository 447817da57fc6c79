from agent.understanding.examples import Example
from agent.understanding.reading import Intent
from agent.understanding.variety import estranged

SAID = [
    Example(f"please return the jacket number {place} because it does not fit me", "en", (Intent.RETURN_ITEM,))
    for place in range(30)
]


def test_every_third_example_comes_again_with_words_nobody_knows_and_with_the_same_wish() -> None:
    strange = estranged(SAID)
    assert len(strange) == 10
    assert {example.intents for example in strange} == {(Intent.RETURN_ITEM,)}
    kept = [word for example in strange for word in example.text.split() if word in SAID[0].text.split()]
    changed = sum(len(example.text.split()) for example in strange) - len(kept)
    assert 0.1 < changed / sum(len(example.text.split()) for example in strange) < 0.5


def test_strange_words_are_the_same_each_time() -> None:
    assert estranged(SAID) == estranged(SAID)
