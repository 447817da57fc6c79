"""The test sets of the reading of messages: our own, the authored sample, and public ones with their labels mapped."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agent.understanding.reading import Intent

SETS: Final = Path(__file__).parent / "understanding_sets"
SHARED: Final = Path(__file__).parents[2] / "shared" / "data"

_CLINC: Final[dict[str, Intent]] = {
    "order_status": Intent.ORDER_STATUS,
    "yes": Intent.AFFIRM,
    "no": Intent.DENY,
    "greeting": Intent.GREETING,
    "thank_you": Intent.THANKS_BYE,
    "goodbye": Intent.THANKS_BYE,
}
_CLINC_UNLABELLED: Final = frozenset(
    {"maybe", "repeat", "cancel", "order", "change_language", "what_can_i_ask_you", "report_fraud"}
)
_BITEXT: Final[dict[str, tuple[Intent, ...]]] = {
    "track_order": (Intent.ORDER_STATUS,),
    "delivery_period": (Intent.POLICY_QUESTION, Intent.ORDER_STATUS),
    "delivery_options": (Intent.POLICY_QUESTION,),
    "cancel_order": (Intent.CANCEL_ORDER,),
    "change_order": (Intent.CHANGE_ITEMS,),
    "change_shipping_address": (Intent.CHANGE_ADDRESS,),
    "check_refund_policy": (Intent.POLICY_QUESTION,),
    "check_cancellation_fee": (Intent.POLICY_QUESTION,),
    "check_payment_methods": (Intent.POLICY_QUESTION,),
    "get_refund": (Intent.RETURN_ITEM, Intent.REFUND_STATUS),
    "track_refund": (Intent.REFUND_STATUS,),
    "get_invoice": (Intent.INVOICE,),
    "check_invoice": (Intent.INVOICE,),
    "payment_issue": (Intent.PAYMENT_PROBLEM,),
    "recover_password": (Intent.ACCOUNT_HELP,),
    "create_account": (Intent.ACCOUNT_HELP,),
    "switch_account": (Intent.ACCOUNT_HELP,),
    "delete_account": (Intent.ACCOUNT_HELP,),
    "edit_account": (Intent.ACCOUNT_HELP,),
    "registration_problems": (Intent.ACCOUNT_HELP,),
    "newsletter_subscription": (Intent.ACCOUNT_HELP,),
    "complaint": (Intent.COMPLAINT,),
    "review": (Intent.FEEDBACK,),
    "contact_human_agent": (Intent.HUMAN_AGENT,),
    "contact_customer_service": (Intent.HUMAN_AGENT, Intent.POLICY_QUESTION),
}
_BITEXT_TAGS: Final[dict[str, str]] = {
    "Z": "typos",
    "Q": "colloquial",
    "W": "offensive",
    "K": "keywords",
    "P": "polite",
    "I": "question",
    "C": "coordinated",
}
_TAU: Final[dict[str, Intent]] = {
    "cancel_pending_order": Intent.CANCEL_ORDER,
    "modify_pending_order_items": Intent.CHANGE_ITEMS,
    "modify_pending_order_address": Intent.CHANGE_ADDRESS,
    "modify_user_address": Intent.CHANGE_ADDRESS,
    "return_delivered_order_items": Intent.RETURN_ITEM,
    "exchange_delivered_order_items": Intent.EXCHANGE_ITEM,
    "transfer_to_human_agents": Intent.HUMAN_AGENT,
}
_ORDER: Final = re.compile(r"\b(W\d{7}|95021\d\d)\b")


@dataclass(frozen=True, slots=True)
class Case:
    """A message with what should be read in it.

    ``intents`` are in the order said; with ``any_of`` they are alternatives, one of which has to be read.
    ``entities`` maps a kind to the verbatim spans; None means that the set does not label them. ``answer`` is that to a
    pending proposal, "" where it is neither yes nor no nor a change; None means that the set does not tell.
    """

    text: str
    language: str
    intents: tuple[Intent, ...]
    entities: dict[str, tuple[str, ...]] | None = None
    slices: tuple[str, ...] = ()
    any_of: bool = False
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class MessageSet:
    """A named list of cases; empty when its file is absent, with the reason in ``missing``."""

    name: str
    cases: tuple[Case, ...] = field(default=())
    missing: str = ""


def load_sets(sets: Path = SETS, shared: Path = SHARED) -> tuple[MessageSet, ...]:
    """Our own sets, one a folder, then the authored sample, clinc, bitext and tau-retail."""
    return (
        *(_from_folder(folder) for folder in sorted(sets.iterdir()) if folder.is_dir()),
        _from_file("authored", shared / "authored" / "utterances.jsonl", _labelled),
        _from_file("clinc", shared / "clinc" / "clinc_subset.json", _clinc),
        _from_file("bitext", shared / "bitext" / "bitext.csv", _bitext),
        _from_file("tau", shared / "tau-retail" / "tasks.json", _tau),
    )


def _from_folder(folder: Path) -> MessageSet:
    files = sorted(folder.glob("*.jsonl"))
    cases = tuple(case for path in files for case in _labelled(path))
    return MessageSet(folder.name, cases, "" if cases else f"{folder.name} has no *.jsonl")


def _from_file(name: str, path: Path, read: Any) -> MessageSet:
    if not path.exists():
        return MessageSet(name, missing=f"{path.name} is not there")
    return MessageSet(name, tuple(read(path)))


def _labelled(path: Path) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        entities = {kind: _spans(found) for kind, found in row.get("entities", {}).items()}
        intents = tuple(Intent(name) for name in row["intents"])
        answer = (row["answer"] or "") if "answer" in row else None
        yield Case(row["text"], row["language"], intents, entities, tuple(row.get("slices", ())), answer=answer)


def _spans(found: str | list[str]) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found)


def _clinc(path: Path) -> Iterator[Case]:
    for text, label in json.loads(path.read_text("utf-8"))["rows"]:
        if label not in _CLINC_UNLABELLED:
            yield Case(text, "en", (_CLINC.get(label, Intent.OUT_OF_SCOPE),))


def _bitext(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["intent"] in _BITEXT:
                tags = tuple(_BITEXT_TAGS[tag] for tag in row["tags"] if tag in _BITEXT_TAGS)
                yield Case(row["instruction"], "en", _BITEXT[row["intent"]], slices=tags, any_of=True)


def _tau(path: Path) -> Iterator[Case]:
    """What each task's shopper tells: the order numbers in it, and as its wish any that the reference actions serve."""
    for task in json.loads(path.read_text("utf-8")):
        text = task["user_scenario"]["instructions"]["reason_for_call"]
        done = [_TAU[action["name"]] for action in task["evaluation_criteria"]["actions"] if action["name"] in _TAU]
        orders = {"order_number": tuple(dict.fromkeys(_ORDER.findall(text)))}
        yield Case(text, "en", tuple(dict.fromkeys(done)), orders, any_of=True)
