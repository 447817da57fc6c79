from agent.understanding.examples import Example, Surroundings
from agent.understanding.reading import Intent
from agent.understanding.variety import continued, estranged, reasoned

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


AROUND = {
    "en": Surroundings(
        seconds=((Intent.INVOICE, "and send me the receipt"), (Intent.RETURN_ITEM, "and the hat goes back")),
        reasons=((Intent.RETURN_ITEM, "it is too small"), (Intent.INVOICE, "my accountant wants it")),
    )
}


def test_a_second_wish_is_hung_on_to_two_requests_of_five_after_the_first() -> None:
    said = continued(SAID, AROUND)
    assert 3 <= len(said) <= 20
    assert {example.intents for example in said} == {(Intent.RETURN_ITEM, Intent.INVOICE)}, "none comes twice"
    assert all(example.text.endswith("and send me the receipt") for example in said)


def test_a_reason_of_the_wish_goes_before_or_after_it_and_is_no_wish() -> None:
    said = reasoned(SAID, AROUND)
    assert {example.intents for example in said} == {(Intent.RETURN_ITEM,)}
    assert all("it is too small" in example.text and "accountant" not in example.text for example in said)
    assert {example.text.startswith("it is too small") for example in said} == {True, False}
