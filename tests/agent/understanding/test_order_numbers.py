"""Order numbers as people write them, and the numbers that are something else."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.understanding.entities.find import find_entities
from agent.understanding.entities.span import Message
from agent.understanding.reading import EntityKind
from agent.understanding.text import fold

ZONE = ZoneInfo("America/Mexico_City")
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC).astimezone(ZONE)
NUMBERS = [
    ("es", "mi numero de pedido es el 30-5512, ya salió?", "30-5512"),
    ("es", "sobre la 7718-2 me dijeron que hoy", "7718-2"),
    ("es", "pedido nro: 4.882.310", "4.882.310"),
    ("es", "ped. 88213 no llega", "88213"),
    ("es", "el número es W 4471203", "W 4471203"),
    ("es", "orden#88123", "88123"),
    ("es", "Nº 55-310 por favor", "55-310"),
    ("es", "compra num. 12 884", "12 884"),
    ("es", "pedido N 77120", "77120"),
    ("es", "es el cuatro cuatro uno nueve dos", "cuatro cuatro uno nueve dos"),
    ("es", "pedido uno cero cero dos tres", "uno cero cero dos tres"),
    ("es", "mi pedido es el diez mil veintitrés", "diez mil veintitrés"),
    ("es", "peddo 10233 dnd anda", "10233"),
    ("es", "AR-20391-B", "AR-20391-B"),
    ("es", "pedidos 10023 y 10044", "10023"),
    ("es", "la orden que termina en 4471", "4471"),
    ("es", "orden 2024-00831", "2024-00831"),
    ("es", "el MX20931", "MX20931"),
    ("es", "anulen el 5512-3 porfa", "5512-3"),
    ("es", "y del 884-10 qué saben", "884-10"),
    ("es", "OC 55.120 sigue igual", "55.120"),
    ("es", "folio 000482", "000482"),
    ("es", "nro orden 31.877", "31.877"),
    ("es", "W7711203 xfa", "W7711203"),
    ("es", "orden: #w7711203", "w7711203"),
    ("es", "pedido n.° 3091/7", "3091/7"),
    ("es", "mi n de pedido 77-1204", "77-1204"),
    ("es", "el pedido -> 20391", "20391"),
    ("es", "pedido: cuarenta y ocho, doscientos veintiuno", "cuarenta y ocho, doscientos veintiuno"),
    ("es", "#10 023", "10 023"),
    ("es", "la compra del 12/3, pedido 99120", "99120"),
    ("en", "where's 118-44 at", "118-44"),
    ("en", "my order no is 55 120", "55 120"),
    ("en", "ordr 33910 pls", "33910"),
    ("en", "order nr. A-20391", "A-20391"),
    ("en", "it's order number one one eight, four four", "one one eight, four four"),
    ("en", "oh, it's double four seven one nine", "double four seven one nine"),
    ("en", "order id: ZX-4410", "ZX-4410"),
    ("en", "PO 88123", "88123"),
    ("en", "hash 10023", "10023"),
    ("en", "order hash W7711203", "W7711203"),
    ("en", "cancel the 7712-5", "7712-5"),
    ("en", "order# 33,871", "33,871"),
    ("en", "#33871 - any news?", "33871"),
    ("en", "it was order W-7711203", "W-7711203"),
    ("en", "orders 33871 & 33872", "33872"),
    ("en", "re: 33871", "33871"),
    ("en", "order ending 8820", "8820"),
    ("en", "it starts with 33871", "33871"),
    ("en", "order: US-4410-7", "US-4410-7"),
    ("en", "number's 61-8820", "61-8820"),
    ("en", "order number is w seven seven one one two zero three", "w seven seven one one two zero three"),
    ("pt", "o pedido é o 30-5512", "30-5512"),
    ("pt", "cadê o 7718-2?", "7718-2"),
    ("pt", "nº 4.882", "4.882"),
    ("pt", "pedido número um zero zero dois três", "um zero zero dois três"),
    ("pt", "meu pedido é quatro meia sete um", "quatro meia sete um"),
    ("pt", "ped 10 023", "10 023"),
    ("pt", "pdido 10023 sumiu", "10023"),
    ("pt", "encomenda BR-20391", "BR-20391"),
    ("pt", "compra nro 88.123", "88.123"),
    ("pt", "é o #w7711203", "w7711203"),
    ("pt", "cancela o 5512-3", "5512-3"),
    ("pt", "os pedidos 10023 e 10044", "10044"),
    ("pt", "pedido nº48.221", "48.221"),
    ("pt", "sobre a 884-10", "884-10"),
    ("pt", "pedido de n° 77120", "77120"),
]
OTHERS = [
    ("es", "mi tel es 55 1234 5678"),
    ("es", "llámame al 11 4455-6677"),
    ("es", "vivo en Rivadavia 4501, piso 3"),
    ("es", "código postal 44100"),
    ("es", "me cobraron 1.299,00"),
    ("es", "pagué $12.500 y me cobraron $15.000"),
    ("es", "el 12-03-2026 lo pedí"),
    ("es", "llega el 15/04?"),
    ("es", "guía 7489201123"),
    ("es", "el tracking es ES4471120394"),
    ("es", "número de seguimiento: 1Z999AA10123456784"),
    ("es", "rastreo LB123456789CN no aparece"),
    ("es", "son 3 unidades de 500 ml"),
    ("es", "mi dni es 30.112.334"),
    ("es", "es 23 y no 32"),
    ("es", "puse el número 45 y no 54, corregir"),
    ("es", "la factura B 0001-00012345"),
    ("es", "hace 2 semanas y 3 días"),
    ("es", "entre las 1400 y las 1600"),
    ("es", "me costó 2300 pesos"),
    ("es", "transferí 45000 ayer"),
    ("es", "el depto es 1204"),
    ("es", "referencia de la transferencia 88120394"),
    ("es", "modelo XR-500"),
    ("es", "tarjeta terminada en 4471"),
    ("es", "cuenta 0012-3344-55"),
    ("es", "código 482913"),
    ("es", "cel 3001234567"),
    ("es", "quedé en 2026 sin nada"),
    ("es", "C1425ABC"),
    ("es", "talle 42 o 44"),
    ("es", "desde 2023 compro acá"),
    ("en", "call me on 020 7946 0018"),
    ("en", "07700 900 461 is my mobile"),
    ("en", "my number is 415-555-0132"),
    ("en", "zip 94110"),
    ("en", "I paid 129.99"),
    ("en", "charged 149 not 129"),
    ("en", "flat 1204, 33 King Street"),
    ("en", "tracking 1Z999AA10123456784 shows nothing"),
    ("en", "between 1400 and 1600"),
    ("en", "since 2023"),
    ("en", "SW1A 1AA"),
    ("en", "ref of the bank transfer 88120394"),
    ("en", "card ending 4471"),
    ("en", "model XR-500"),
    ("en", "the code is 482913"),
    ("en", "it's 12 not 21 Elm Road"),
    ("en", "invoice 20391"),
    ("en", "arrives 3-5 days"),
    ("en", "the 2-hr slot"),
    ("en", "my IMEI 356938035643809"),
    ("en", "5000 mah battery"),
    ("en", "royal mail AB123456789GB"),
    ("en", "they wanted 4500 for it"),
    ("pt", "meu fone 11 91234-5678"),
    ("pt", "me liga no (21) 99876-5432"),
    ("pt", "cep 01310-100"),
    ("pt", "paguei R$ 1.299,90"),
    ("pt", "moro na Augusta 1200 apto 42"),
    ("pt", "rastreio BR123456789BR"),
    ("pt", "é 45 e não 54"),
    ("pt", "cpf 123.456.789-09"),
    ("pt", "nota fiscal 000.123.456"),
    ("pt", "dia 15/04 chega?"),
    ("pt", "cobraram 149 e era 129"),
    ("pt", "cartão final 4471"),
    ("pt", "o código é 482913"),
    ("pt", "comprovante do pix E12345678202603101200"),
    ("pt", "bloco 3 ap 1204"),
    ("pt", "das 1400 às 1600"),
    ("pt", "desde 2023"),
    ("pt", "custou 2500 reais"),
    ("pt", "código de rastreio: NX123456789BR"),
]


def orders(language: str, text: str) -> list[str]:
    found = find_entities(Message(text, fold(text), language, NOW, ZONE))
    return [entity.text.lower() for entity in found if entity.kind is EntityKind.ORDER_NUMBER]


@pytest.mark.parametrize(("language", "text", "number"), NUMBERS)
def test_an_order_number_is_found(language: str, text: str, number: str) -> None:
    assert number.lower() in orders(language, text)


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_a_phone_a_code_a_date_or_an_amount_is_no_order_number(language: str, text: str) -> None:
    assert orders(language, text) == []


def test_a_reference_beside_an_order_is_not_the_order() -> None:
    assert orders("en", "order 20391 was billed twice, ref 7781-QX") == ["20391"]
