"""Cards: what can be pressed says what the reply says, and a pressed option is understood."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from agent.api.wire import cards as wire
from agent.casework.cards.picking import REASONS
from agent.conversation import TurnKind
from evals.world import Talk
from tests.agent.casework.conftest import MakeWorld

CARDS: TypeAdapter[list[Any]] = TypeAdapter(list[wire.Card])


async def say(talk: Talk, text: str) -> tuple[Any, list[dict[str, Any]]]:
    """The turn and its cards, which are what the contract declares, no field more and none less."""
    turn = await talk.say(text)
    cards = list(turn["cards"])
    assert [one.model_dump(mode="json").keys() for one in CARDS.validate_python(cards)] == [one.keys() for one in cards]
    return turn, cards


SIZES = {
    "es": ("quiero cambiar la talla del vestido del pedido 10016", "talla M rojo", "Sin costo"),
    "en": ("I want another size of the dress in order 10016", "size M in red", "No cost"),
    "pt": ("quero trocar o tamanho do vestido do pedido 10016", "tamanho M vermelho", "Sem custo"),
}


@pytest.mark.parametrize("language", SIZES)
async def test_a_size_is_picked_from_a_card_and_confirmed_on_the_next(make_world: MakeWorld, language: str) -> None:
    wish, form, free = SIZES[language]
    talk = await (await make_world()).open("valentina-rojas", locale=language)
    _, (choice,) = await say(talk, wish)
    assert (choice["type"], choice["of"]) == ("choice", "variants")
    picked = next(one for one in choice["options"] if one["id"] == "amapola-co-m-rojo")
    sold_out = [one["id"] for one in choice["options"] if not one["enabled"]]
    assert "amapola-co-s-rojo" not in {one["id"] for one in choice["options"]}, "what the shopper has is no choice"
    assert picked["id"] not in sold_out
    assert picked["label"] == form, "named in full: a size alone may be of another colour"
    colours = ["rojo" in one["id"] for one in choice["options"]]
    assert colours == sorted(colours, reverse=True), "the colour that was bought comes first"
    turn, (card,) = await say(talk, picked["say"])
    assert card["type"] == "confirmation"
    assert card["action"] == turn["actions"][-1]["id"]
    assert form in card["rows"][0]["after"]
    assert card["cost"] == free
    assert card["clause"]["url"].startswith(f"/help/{language}/")


RETURN = {"es": "quiero devolver algo del 10051", "en": "I want to return something from 10051", "pt": "quero devolver algo do 10051"}  # fmt: skip


@pytest.mark.parametrize("language", RETURN)
async def test_an_item_a_reason_and_a_receipt(make_world: MakeWorld, language: str) -> None:
    talk = await (await make_world()).open("rocio-navarro", locale=language)
    _, (items,) = await say(talk, RETURN[language])
    shoes, boxers = items["lines"]
    assert shoes["enabled"]
    assert not boxers["enabled"]
    assert boxers["note"]
    _, (reasons,) = await say(talk, shoes["say"])
    assert [one["id"] for one in reasons["options"]] == list(REASONS)
    _, (confirmation,) = await say(talk, reasons["options"][1]["say"])
    assert "86" in confirmation["cost"]
    assert confirmation["undo"]
    done = await talk.press(TurnKind.CONFIRM, confirmation["action"])
    (receipt,) = CARDS.validate_python(done["cards"])
    assert receipt.type == "receipt"
    assert receipt.reference.startswith("R-")
    assert receipt.label_url
    assert receipt.undo_until


SEVERAL = {"es": "quiero devolver algo del 10009", "en": "I want to return something from 10009", "pt": "quero devolver algo do 10009"}  # fmt: skip


@pytest.mark.parametrize("language", SEVERAL)
async def test_several_items_are_picked_with_so_many_of_each(make_world: MakeWorld, language: str) -> None:
    talk = await (await make_world()).open("joao-pereira", locale=language)
    _, (items,) = await say(talk, SEVERAL[language])
    speaker, mugs = items["lines"]
    assert (speaker["most"], mugs["most"]) == (1, 4)
    _, (reasons,) = await say(talk, f"{speaker['say']}, 2 × {mugs['say']}")
    turn, (card,) = await say(talk, reasons["options"][3]["say"])
    assert [one["quantity"] for one in turn["actions"][-1]["after"]["returned"]] == [1, 2]
    assert f"2 × {mugs['label']}" in card["rows"][0]["after"]


@pytest.mark.parametrize("language", RETURN)
async def test_every_reason_on_the_card_is_understood(make_world: MakeWorld, language: str) -> None:
    world = await make_world()
    for place in range(len(REASONS)):
        talk = await world.open("rocio-navarro", locale=language)
        await say(talk, RETURN[language])
        _, (reasons,) = await say(talk, "Zapatillas de running Ráfaga")
        picked = reasons["options"][place]
        turn, _ = await say(talk, picked["say"])
        returned = [action["after"].get("returned", [{}])[0].get("reason") for action in turn["actions"]]
        claims = [action["kind"] for action in turn["actions"]]
        assert picked["id"] in returned or "open_claim" in claims or "choice" in turn["asks"], (picked, turn["reply"])


SLOTS = {"es": "quiero elegir otro horario de entrega para el 10002", "en": "I want another delivery time for 10002", "pt": "quero escolher outro horário de entrega para o 10002"}  # fmt: skip


@pytest.mark.parametrize("language", SLOTS)
async def test_every_slot_on_the_card_leads_to_that_slot(make_world: MakeWorld, language: str) -> None:
    world = await make_world()
    talk = await world.open("lucia-hernandez", locale=language)
    _, (slots,) = await say(talk, SLOTS[language])
    assert slots["of"] == "slots"
    assert len(slots["options"]) > 3
    for option in slots["options"]:
        talk = await world.open("lucia-hernandez", locale=language)
        await say(talk, SLOTS[language])
        turn, (card,) = await say(talk, option["say"])
        assert turn["actions"][-1]["after"]["slot"]["slot_id"] == option["id"]
        assert card["type"] == "confirmation"


async def test_a_tracked_order_shows_the_way_of_each_parcel(make_world: MakeWorld) -> None:
    talk = await (await make_world()).open("arturo-cervantes", locale="pt")
    turn, (card,) = await say(talk, "cadê meu pedido?")
    (parcel,) = card["parcels"]
    assert card["order"] in turn["reply"]["text"]
    assert parcel["tracking_number"] in turn["reply"]["text"]
    assert not card["good"]
    assert [step["state"] for step in parcel["steps"]] == ["done", "stopped", "ahead", "ahead"]


def test_the_contract_has_a_card_for_each_type() -> None:
    union, *_ = get_args(wire.Card)
    types = [get_args(one.model_fields["type"].annotation)[0] for one in get_args(union)]
    assert sorted(types) == ["address", "choice", "confirmation", "items", "order", "receipt"]
