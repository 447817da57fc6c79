"""Text brought to one form: folded letters at the same offsets, and words as the classifier sees them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME: Final = {
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
}


def _fold_table() -> dict[int, str]:
    table = {ord(mark): plain for mark, plain in _SAME.items()}
    for code in (*range(0x41, 0x5B), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0xFF01, 0xFF5F)):
        if code not in table and code not in (0xAA, 0xB0, 0xBA):
            base = unicodedata.normalize("NFKD", chr(code))[0].lower()
            table[code] = base if len(base) == 1 else chr(code)
    return table


_FOLD: Final = _fold_table()

ABBREVIATIONS: Final[dict[str, str]] = {
    "q": "que", "k": "que", "qe": "que", "ke": "que", "xq": "porque", "pq": "porque", "porq": "porque",
    "xke": "porque", "xfa": "por favor", "xfavor": "por favor", "porfa": "por favor", "pf": "por favor",
    "pfv": "por favor", "pfvr": "por favor", "tmb": "tambien", "tmbn": "tambien", "tb": "tambien", "x": "por",
    "d": "de", "dnd": "donde", "cdo": "cuando", "cuand": "cuando", "toy": "estoy", "bn": "bien", "msj": "mensaje",
    "ud": "usted", "uds": "ustedes", "vc": "voce", "vcs": "voces", "ce": "voce", "cê": "voce", "blz": "beleza",
    "hj": "hoje", "qd": "quando", "qdo": "quando", "cmg": "comigo", "mto": "muito", "mt": "muito", "obg": "obrigado",
    "obgd": "obrigado", "vlw": "valeu", "td": "tudo", "tbm": "tambem", "n": "nao", "ñ": "nao", "msg": "mensagem",
    "dps": "depois", "pls": "please", "plz": "please", "plss": "please", "u": "you", "ur": "your", "r": "are",
    "thx": "thanks", "thnx": "thanks", "tnx": "thanks", "ty": "thanks", "wanna": "want to", "gonna": "going to",
    "dont": "don't", "didnt": "didn't", "cant": "can't", "wont": "won't", "isnt": "isn't", "havent": "haven't",
    "hasnt": "hasn't", "doesnt": "doesn't", "wasnt": "wasn't", "ive": "i've", "im": "i'm", "wheres": "where's",
    "whens": "when's", "whats": "what's", "pkg": "package", "addy": "address", "recieve": "receive",
    "recieved": "received", "asap": "as soon as possible", "w": "with", "bc": "because", "cuz": "because",
    "spk": "speak", "sum1": "someone", "some1": "someone", "sumone": "someone", "any1": "anyone", "ablar": "hablar",
    "abla": "habla", "rn": "right now", "ppl": "people", "rep": "representative", "acc": "account", "pkt": "paquete",
    "flw": "falou", "tks": "obrigado", "tmj": "valeu", "abs": "abracos", "eae": "e ai", "ngm": "ninguem",
    "qm": "quem", "agr": "agora", "msm": "mesmo", "qro": "quero", "aki": "aqui", "tds": "todos", "nd": "nada",
    "ctz": "certeza", "gnt": "gente", "oq": "o que", "pqp": "puta", "xf": "por favor", "tqm": "te quiero",
    "ntp": "no te preocupes", "grax": "gracias", "tlf": "telefono", "cd": "cade", "thru": "through",
    "tho": "though", "wks": "weeks", "wk": "week", "hv": "have", "bday": "birthday", "tmrw": "tomorrow",
    "tmr": "tomorrow", "tomoz": "tomorrow", "weds": "wednesday", "tues": "tuesday", "thurs": "thursday",
    "finde": "fin de semana", "compu": "computadora", "cel": "celular", "atte": "atentamente", "fds": "fim de semana",
}  # fmt: skip

_EMAIL = re.compile(r"\S+@\S+\.\S+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_LONG = re.compile(r"([a-z!?.])\1{2,}")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!]")


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """The text in lower case without accents, **of the same length**, so that offsets stay those of the message."""
    return text.translate(_FOLD)


def words_of(text: str) -> list[str]:
    """The words the classifier sees: folded, abbreviations spelled out, digits masked by their number, marks kept."""
    plain = fold(unicodedata.normalize("NFC", text))
    plain = _LINK.sub(" link ", _EMAIL.sub(" mailaddress ", plain))
    plain = _LONG.sub(r"\1", plain)
    words: list[str] = []
    for word in _WORD.findall(plain):
        if word[0].isdigit():
            words.append("0" * min(len(word), 7))
        elif word in ABBREVIATIONS:
            words.extend(ABBREVIATIONS[word].split())
        else:
            words.append(word)
    return words
