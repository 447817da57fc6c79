"""Messages that hand over data and ask for nothing: "it's 10023", "mi correo es ana@example.com", "size M"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from agent.understanding.reading import Entity, EntityKind

_DATA: Final = frozenset(EntityKind) - {EntityKind.PRODUCT, EntityKind.REASON, EntityKind.PAYMENT_METHOD}
_AROUND: Final = frozenset(
    (
        "el la los las lo un una de del al a en con por para mi mis su es son seria eso este esta y o "
        "the an my it its that this is are s of to in on for at by and or with im "
        "o os as um uma do da dos das no na meu minha meus seu e eh sao com pra pro em ou "
        "numero numeros nro num n no nr number numbers pedido pedidos orden ordenes order orders compra purchase encomenda "
        "correo mail email e mails telefono tel fono cel celular movil phone mobile cell landline fijo fixo whatsapp zap telefone fone "
        "codigo code postal cp zip cep postcode talla talle size tamanho tam color colour cor cantidad quantity "
        "nombre nome name llamo chamo soy sou direccion address endereco calle street rua dni cpf rut documento "
        "aqui here ahi va anota apunta anote segue te les le paso passo toma tome favor please pls porfa pfv gracias thanks obrigado obrigada"
    ).split()
)


def only_tells(folded: str, entities: Sequence[Entity]) -> bool:
    """Whether a message is made of data and of the words that name them; a question mark asks for more."""
    told = [entity for entity in entities if entity.kind in _DATA]
    if not told or "?" in folded:
        return False
    rest = list(folded)
    for entity in told:
        rest[entity.start : entity.end] = " " * (entity.end - entity.start)
    return all(word in _AROUND for word in re.findall(r"[a-z]+", "".join(rest)))
