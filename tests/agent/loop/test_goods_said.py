"""How the embedded model reads which goods are meant, how many, and whether anything is wanted for them."""

from __future__ import annotations

import pytest

from agent.loop.agenda import corrects_form
from agent.loop.embedded.flows.lines import _counted_before
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.meant import _is_to_be_made_good, _sent_back


@pytest.mark.parametrize(
    ("words", "title", "count"),
    [
        ("chegaram quatro canecas e quero devolver uma caneca", "Caneca Barro", 1),
        ("pedí tres tazas y una taza la devuelvo", "Taza Barro", 1),
        ("two of the mugs please, the mugs are chipped", "Barro mug", 2),
        ("las tazas no me gustan", "Taza Barro", 0),
    ],
)
def test_of_two_counts_the_last_is_meant(words: str, title: str, count: int) -> None:
    assert _counted_before(words, title) == count


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("i am sending all of it back, the lamp and the throw", "return_item"),
        ("lo quiero devolver todo", "return_item"),
        ("i want to return them for another size", "exchange_item"),
        ("quiero devolverla y que me den otra", "exchange_item"),
        ("quero trocar o casaco", "exchange_item"),
    ],
)
def test_goods_sent_back_for_nothing_are_a_return(words: str, intent: str) -> None:
    assert _sent_back("exchange_item", words) == intent


@pytest.mark.parametrize("words", ["ninguno me convenció", "they don't suit me", "não curti"])
def test_not_liking_is_a_change_of_mind(words: str) -> None:
    assert meaning_of("reason", words) == "changed_mind"


@pytest.mark.parametrize("words", ["bueno, déjelo así", "leave it then", "ah, deixa assim"])
def test_letting_it_be(words: str) -> None:
    assert meaning_of("drop", words) == "drop"


@pytest.mark.parametrize(
    ("words", "corrects"),
    [
        ("perdón, quise decir la 9", True),
        ("oops, I meant an L", True),
        ("desculpa, errei, era o 41", True),
        ("perdón, ¿y el pedido 10002?", False),
        ("sorry, how long does that take", False),
        ("la 9", False),
    ],
)
def test_a_size_put_right(words: str, corrects: bool) -> None:
    assert corrects_form(words) is corrects


@pytest.mark.parametrize(
    ("words", "claimed"),
    [
        ("dice entregado y no llegó nada, manden otro", True),
        ("shows as delivered but nothing came, send me another", True),
        ("consta entregue e não chegou nada, quero meu dinheiro", True),
        ("dice entregado y no llegó, ¿dónde está?", False),
        ("no me llegó, quiero mi dinero", False),
    ],
)
def test_delivered_and_not_there_with_what_is_wanted_is_a_claim(words: str, claimed: bool) -> None:
    assert _is_to_be_made_good(words) is claimed


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("quero devolver a caneca, uma só, veio quebrada", "one"),
        ("quiero devolver las tazas, una nada más", "one"),
        ("only 1 of the mugs", "one"),
        ("quiero devolver una de ellas", "one"),
        ("quero uma solução", ""),
        ("solo 10", ""),
    ],
)
def test_only_one_of_several(words: str, count: str) -> None:
    assert meaning_of("only", words) == count
