import json
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.understanding.reading import EntityKind, Reading

K = EntityKind


class Case(NamedTuple):
    text: str
    kind: EntityKind
    values: tuple[str, ...]


CASES = [
    Case("my order is #W2378156", K.ORDER_NUMBER, ("W2378156",)),
    Case("pedido 10023", K.ORDER_NUMBER, ("10023",)),
    Case("la orden n° 48-221", K.ORDER_NUMBER, ("48-221",)),
    Case("10023", K.ORDER_NUMBER, ("10023",)),
    Case("es el 10023 por favor", K.ORDER_NUMBER, ("10023",)),
    Case("pedido 10023 y 10024, cobraron $1500", K.ORDER_NUMBER, ("10023", "10024")),
    Case("uno cero cero dos tres", K.ORDER_NUMBER, ("10023",)),
    Case("order one double-oh two three", K.ORDER_NUMBER, ("10023",)),
    Case("diez mil veintitrés", K.ORDER_NUMBER, ("10023",)),
    Case("order ten thousand and twenty three", K.ORDER_NUMBER, ("10023",)),
    Case("it's forty-eight two twenty-one", K.ORDER_NUMBER, ("48221",)),
    Case("pedido quarenta e oito mil duzentos e vinte e um", K.ORDER_NUMBER, ("48221",)),
    Case("é o um zero zero dois três", K.ORDER_NUMBER, ("10023",)),
    Case("el pedido es 7 7 1 2 0", K.ORDER_NUMBER, ("77120",)),
    Case("PO-2026-0312 hasn't shipped", K.ORDER_NUMBER, ("PO-2026-0312",)),
    Case("orden:10023", K.ORDER_NUMBER, ("10023",)),
    Case("ref. PV-77120", K.ORDER_NUMBER, ("PV-77120",)),
    Case("ana@example.com 10023", K.ORDER_NUMBER, ("10023",)),
    Case("mi orden W 2378156", K.ORDER_NUMBER, ("W2378156",)),
    Case("pedido10023", K.ORDER_NUMBER, ("10023",)),
    Case("cinco mil pesos me cobraron", K.ORDER_NUMBER, ()),
    Case("hace dos días", K.ORDER_NUMBER, ()),
    Case("mil gracias", K.ORDER_NUMBER, ()),
    Case("the 1000 piece puzzle of my order", K.ORDER_NUMBER, ()),
    Case("i'm not 1000% sure", K.ORDER_NUMBER, ()),
    Case("the 128GB one", K.ORDER_NUMBER, ()),
    Case("rastreo MX123456789", K.ORDER_NUMBER, ()),
    Case("llámame al 300 123 4567", K.ORDER_NUMBER, ()),
    Case("07700 900123 is my mobile", K.ORDER_NUMBER, ()),
    Case("ana punto ruiz arroba example punto com", K.EMAIL, ("ana.ruiz@example.com",)),
    Case("ann underscore lee at example dot co dot uk", K.EMAIL, ("ann_lee@example.co.uk",)),
    Case("mi cel es 55 1234 5678", K.ORDER_NUMBER, ()),
    Case("código postal 44100", K.ORDER_NUMBER, ()),
    Case("me cobraron $15000", K.ORDER_NUMBER, ()),
    Case("llegaba el 12/03/2026", K.ORDER_NUMBER, ()),
    Case("llegaba el 12/03/2026", K.DATE, ("2026-03-12",)),
    Case("my code is 482913", K.CODE, ("482913",)),
    Case("482913", K.CODE, ("482913",)),
    Case("482913", K.ORDER_NUMBER, ()),
    Case("escribe a Ana.Ruiz@X.mx.", K.EMAIL, ("ana.ruiz@x.mx",)),
    Case("ana arroba gmail punto com", K.EMAIL, ("ana@gmail.com",)),
    Case("mi cel es 55 1234 5678", K.PHONE, ("+525512345678",)),
    Case("my zip is 60614", K.POSTAL_CODE, ("60614",)),
    Case("cep 80010-000", K.POSTAL_CODE, ("80010-000",)),
    Case("postcode SW1A 1AA", K.POSTAL_CODE, ("SW1A 1AA",)),
    Case("C1425ABC", K.POSTAL_CODE, ("C1425ABC",)),
    Case("compré unos tenis talla 7 y necesito una talla más", K.SIZE, ("+1",)),
    Case("quiero la M en vez de la L", K.SIZE, ("m",)),
    Case("change it from L to M please", K.SIZE, ("m",)),
    Case("em azul", K.COLOR, ("azul",)),
    Case("two pairs", K.QUANTITY, ("2",)),
    Case("el jueves que viene por la tarde", K.DATE, ("2026-03-12",)),
    Case("el jueves que viene por la tarde", K.TIME_WINDOW, ("13:00-18:00",)),
    Case("mañana entre las 3 y las 5", K.TIME_WINDOW, ("15:00-17:00",)),
    Case("tomorrow after 3pm", K.DATE, ("2026-03-11",)),
    Case("tomorrow after 3pm", K.TIME_WINDOW, ("15:00-21:00",)),
    Case("amanhã de manhã", K.DATE, ("2026-03-11",)),
    Case("amanhã de manhã", K.TIME_WINDOW, ("08:00-13:00",)),
    Case("por la mañana", K.DATE, ()),
    Case("el 3 de marzo", K.DATE, ("2026-03-03",)),
    Case("in two weeks", K.DATE, ("2026-03-24",)),
    Case("es la segunda vez", K.DATE, ()),
    Case("me quedó chico", K.REASON, ("too_small",)),
    Case("chegou quebrado", K.REASON, ("damaged",)),
    Case("it doesn't turn on", K.REASON, ("defective",)),
    Case("me llamo ana ruiz y quiero ayuda", K.NAME, ("ana ruiz",)),
    Case("I am still waiting", K.NAME, ()),
    Case("soy marta, mi pedido es 48221", K.NAME, ("marta",)),
    Case("Marta Ríos, marta@x.com", K.NAME, ("Marta Ríos",)),
    Case("i'm waiting", K.NAME, ()),
    Case("el 48-221 no llega", K.ORDER_NUMBER, ("48-221",)),
    Case("tel 555-1234", K.ORDER_NUMBER, ()),
    Case("mi tarjeta termina en 4242", K.ORDER_NUMBER, ()),
    Case("kiero saver del pedio 00451872", K.ORDER_NUMBER, ("00451872",)),
    Case("pedidon10023", K.ORDER_NUMBER, ("10023",)),
    Case("perdido en el 10 de la calle", K.ORDER_NUMBER, ()),
    Case("necesito factura A del 12007", K.ORDER_NUMBER, ("12007",)),
    Case("la nota do 10-4420 saiu errada", K.ORDER_NUMBER, ("10-4420",)),
    Case("factura n° 12007", K.ORDER_NUMBER, ()),
    Case("número de guía 1234567890", K.ORDER_NUMBER, ()),
    Case("el seguimiento del 5531-B no se mueve", K.ORDER_NUMBER, ("5531-B",)),
    Case("the fridge from 77-120 won't get cold", K.ORDER_NUMBER, ("77-120",)),
    Case("el número es siete siete cero, guion, quince", K.ORDER_NUMBER, ("77015",)),
    Case("Pedido ES 771 204, cambien la dirección", K.ORDER_NUMBER, ("ES771204",)),
    Case("las quiero en un 40, no un 39", K.ORDER_NUMBER, ()),
    Case("se eu ligar no 0800 é grátis?", K.ORDER_NUMBER, ()),
    Case("is the 3000 points offer real", K.ORDER_NUMBER, ()),
    Case("el código postal del envío está mal, es 64010 no 64100", K.ORDER_NUMBER, ()),
    Case("el código postal del envío está mal, es 64010 no 64100", K.POSTAL_CODE, ("64010",)),
    Case("zip code on my order is wrong, should be 60614", K.POSTAL_CODE, ("60614",)),
    Case("hice la transferencia con folio 0098-33", K.PAYMENT_REFERENCE, ("0098-33",)),
    Case("pongo el código 55 02 71 y dice vencido", K.CODE, ("550271",)),
    Case("a cafeteira não liga", K.REASON, ("defective",)),
    Case("the pan came warped", K.REASON, ("damaged",)),
    Case("a esa no: calle Mayor 3", K.REASON, ()),
    Case("em vez de 2 manda 3 almofadas", K.QUANTITY, ("3",)),
    Case("llegaron 2 camisetas nada más", K.QUANTITY, ("2",)),
    Case("eran 3 blusas nomás", K.QUANTITY, ("3",)),
    Case("faltan 3 días nada más", K.QUANTITY, ()),
    Case("sí, cómo no, y yo soy bobo", K.NAME, ()),
    Case("pedido #A-1042", K.ORDER_NUMBER, ("A-1042",)),
    Case("pedido nº 48.221", K.ORDER_NUMBER, ("48221",)),
    Case("refund it to my paypal", K.PAYMENT_METHOD, ("paypal",)),
    Case("no pix", K.PAYMENT_METHOD, ("pix",)),
    Case("referencia de pago ABC12345", K.PAYMENT_REFERENCE, ("ABC12345",)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind.value}: {case.text}")
def test_an_entity_is_read_as_people_write_it(case: Case, read: Callable[..., Reading]) -> None:
    reading = read(case.text)
    assert tuple(entity.value for entity in reading.all(case.kind)) == case.values
    assert all(case.text[entity.start : entity.end] == entity.text for entity in reading.entities)


ADDRESSES = [
    (
        "me mudé, mándenlo a Calle Hidalgo 230, Col. Centro, Guadalajara, Jalisco, 44100 por favor",
        {"line1": "Calle Hidalgo 230", "line2": "Col. Centro", "city": "Guadalajara", "region": "Jalisco"}
        | {"postal_code": "44100"},
    ),
    (
        "ship it to 14 Maple Street Apt 3, Austin, TX 78701 instead",
        {"line1": "14 Maple Street", "line2": "Apt 3", "city": "Austin", "region": "TX", "postal_code": "78701"},
    ),
    (
        "manda pra Rua das Acácias 230, apto 12, Centro, Curitiba, PR, CEP 80010-000",
        {"line1": "Rua das Acácias 230", "line2": "apto 12, Centro", "city": "Curitiba", "region": "PR"}
        | {"postal_code": "80010-000"},
    ),
    ("es Carrera 15 # 88-20 apto 301, Bogotá", {"line1": "Carrera 15 # 88-20", "line2": "apto 301", "city": "Bogotá"}),
]


@pytest.mark.parametrize(("text", "parts"), ADDRESSES)
def test_an_address_is_taken_apart(text: str, parts: dict[str, str], read: Callable[..., Reading]) -> None:
    address = read(text).first(K.ADDRESS)
    assert address is not None
    assert json.loads(address.value) == parts


def test_a_misspelt_product_is_found_among_those_of_the_order(read: Callable[..., Reading]) -> None:
    reading = read("quiero cambiar la chamara azul", products=("Chamarra impermeable azul", "Camisa azul"))
    assert [entity.value for entity in reading.all(K.PRODUCT)] == ["Chamarra impermeable azul"]


SPOKEN = {
    "es": ("cero uno dos tres cuatro cinco seis siete ocho nueve", "el pedido es {}"),
    "en": ("zero one two three four five six seven eight nine", "my order is {}"),
    "pt": ("zero um dois três quatro cinco seis sete oito nove", "meu pedido é {}"),
}
AROUND_NUMBERS = [
    "pedido {}",
    "mi orden es la {}",
    "where is order #{}?",
    "cadê o {}, não chegou",
    "la factura del {} por favor",
    "{}",
]
OTHER_NUMBERS = [
    "me cobraron ${}",
    "mi código postal es {}",
    "costó {} pesos",
    "zip {}",
    "cep {}-000",
    "guía {}",
    "mi tarjeta termina en {}",
]


@given(number=st.text(alphabet="0123456789", min_size=4, max_size=9), language=st.sampled_from(sorted(SPOKEN)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_digits_said_one_by_one_are_the_number(number: str, language: str, read: Callable[..., Reading]) -> None:
    words, sentence = SPOKEN[language]
    said = " ".join(words.split()[int(digit)] for digit in number)
    assert [each.value for each in read(sentence.format(said), language=language).all(K.ORDER_NUMBER)] == [number]


@given(number=st.integers(10_001, 99_999).filter(lambda each: each % 1000), sentence=st.sampled_from(AROUND_NUMBERS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_five_digits_are_found_where_an_order_is_spoken_of(
    number: int, sentence: str, read: Callable[..., Reading]
) -> None:
    assert [each.value for each in read(sentence.format(number)).all(K.ORDER_NUMBER)] == [str(number)]


@given(number=st.integers(10_001, 99_999), sentence=st.sampled_from(OTHER_NUMBERS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_money_codes_and_cards_are_no_orders(number: int, sentence: str, read: Callable[..., Reading]) -> None:
    assert not read(sentence.format(number)).all(K.ORDER_NUMBER)


@given(text=st.text(alphabet=st.sampled_from("abcñé ABC0123456789#-./,:@?!¿ $\n'"), max_size=80))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_entity_is_a_stretch_of_the_message(text: str, read: Callable[..., Reading]) -> None:
    for entity in read(text).entities:
        assert text[entity.start : entity.end] == entity.text
        assert entity.value
