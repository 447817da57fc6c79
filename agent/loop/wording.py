"""Puts state into words: a proposal before the yes, a receipt after it, and every no with its way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.loop.options import label
from prompts.loader import Sentences
from tools.offers import render_needs
from tools.policy.verdict import Verdict
from tools.proposals import Proposal

View = Mapping[str, Any]


PERSON = "talk_to_person"
NAMED_ALREADY = ("cancel_return", "cancel_exchange")
"""Kinds whose receipt has the reference in its first sentence."""


class Wording:
    """Sentences about changes, from the views that tools and receipts share. Keys are in ``prompts/sentences``."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def proposal(self, proposal: Proposal, language: str) -> str:
        """What would be done, in a sentence or two, without the question."""
        cost = proposal.cost.as_json() if proposal.cost else None
        return self.change("proposal", proposal.change.kind.value, proposal, proposal.order_number, cost, language)

    def question(self, proposal: Proposal, language: str, pick: int) -> str:
        """What a yes would be a yes to: to do it, or to have a person decide."""
        key = "proposal.ask_person" if proposal.granted else "proposal.ask"
        return self._sentences.say(key, language, pick=pick)

    def proposal_view(self, view: View, language: str) -> str:
        """The same from the view that the model reads."""
        return self._say(
            f"proposal.{view['kind']}", language, view["before"], view["after"], view["order"], view["cost"]
        )

    def change(self, file: str, kind: str, proposal: Proposal, order: Any, cost: View | None, language: str) -> str:
        """A sentence of that file about a proposal's change."""
        return self._say(f"{file}.{kind}", language, proposal.before, proposal.after, order, cost)

    def receipt(self, kind: str, receipt: View, language: str) -> str:
        """What was done, with its references, the deadline and how long it can be undone."""
        terms = receipt.get("terms") or {}
        done = self._say(
            f"receipt.{kind}", language, receipt["before"], receipt["after"], receipt["order_number"], receipt["cost"]
        )
        more = []
        reference = None if kind in NAMED_ALREADY else next(iter((receipt.get("references") or {}).values()), None)
        if reference:
            more.append(self._sentences.say("receipt.reference", language, reference=reference))
        if receipt.get("label_url") and terms.get("ship_by"):
            more.append(self._sentences.say("receipt.label", language, url=receipt["label_url"], by=terms["ship_by"]))
        if terms.get("refund") and terms.get("refund_days"):
            more.append(self._sentences.say("receipt.refund_days", language, days=terms["refund_days"]))
        if receipt.get("undo_until"):
            more.append(self._sentences.say("receipt.undo", language))
        return " ".join([done, *more])

    def denial(self, view: View, language: str) -> str:
        """Why not, what it would have taken, and what is still possible; ``view`` is a ``VerdictView`` or like one."""
        why = self.reason(view, language) or self._say_with(
            "denial.other", language, {"order": view.get("order") or ""}
        )
        alternatives = view.get("alternatives", ())
        later = self.alternatives_named(view.get("later", ()), language) if set(alternatives) <= {PERSON} else []
        then = self._sentences.say("denial.later", language, options=later) if later else ""
        return " ".join(part for part in (why, then, self.alternatives(alternatives, language)) if part)

    def reason(self, view: View, language: str) -> str:
        """Why not and what it would have taken; empty for a reason that has no sentence."""
        code = f"denial.{view['code']}"
        values = {
            "order": view.get("order") or "",
            "until": view.get("until"),
            "needs": {need["fact"]: need for need in view.get("needs", ())},
        }
        return self._say_with(code, language, values) if self._sentences.has(code) else ""

    def alternatives(self, kinds: Sequence[str], language: str) -> str:
        """What is still possible, as one sentence; empty when nothing is."""
        if list(kinds) == [PERSON]:
            return self._sentences.say("denial.person_only", language)
        names = self.alternatives_named(kinds, language)
        return self._sentences.say("denial.instead", language, options=names[:4]) if names else ""

    def alternatives_named(self, kinds: Iterable[str], language: str) -> list[str]:
        """Each change kind as a shopper would call it: "send it to a pickup point"."""
        known = [kind for kind in kinds if self._sentences.has(f"alternative.{kind}")]
        return [self._sentences.say(f"alternative.{kind}", language) for kind in known]

    def refusal(
        self, code: str, verdict: Verdict | None, language: str, *, stale: bool, order: str | None = None
    ) -> str:
        """Why a confirmed proposal was not carried out; nothing changed."""
        key = f"refusal.{code}"
        if verdict is not None and not self._sentences.has(key):
            view = {
                "code": verdict.code,
                "order": order,
                "until": verdict.until,
                "needs": render_needs(verdict),
                "alternatives": verdict.alternatives,
            }
            return self.denial(view, language)
        fallback = "refusal.stale" if stale else "refusal.other"
        return self._sentences.say(key if self._sentences.has(key) else fallback, language)

    def undo_refusal(self, code: str, language: str) -> str:
        """Why it can no longer be undone."""
        key = f"refusal.undo_{code}"
        return self._sentences.say(key if self._sentences.has(key) else "refusal.undo_other", language)

    def _say(self, key: str, language: str, before: View, after: View, order: Any, cost: View | None) -> str:
        known = {
            "before": before,
            "after": after,
            "order": order or "",
            "cost": cost,
            "pays": bool(cost and not str(cost["amount"]).startswith("-") and float(cost["amount"]) != 0),
            "gets": bool(cost and str(cost["amount"]).startswith("-")),
            "amount": {**cost, "amount": str(cost["amount"]).lstrip("-")} if cost else None,
            "goods": _goods(before, after),
            "method": self._method(after.get("payment_method") or after.get("refund_method"), language),
            "swaps": self._swaps(before.get("lines", ()), after.get("lines", ()), language),
        }
        return self._say_with(key, language, known)

    def _swaps(self, before: Sequence[View], after: Sequence[View], language: str) -> list[dict[str, Any]]:
        """Each line with what it was and what it becomes, in only those options that differ; in all where none does."""
        return [
            {
                "title": old["title"],
                "quantity": old["quantity"],
                "was": self._options(old["options"], new["options"], language),
                "becomes": self._options(new["options"], old["options"], language),
            }
            for old, new in zip(before, after, strict=False)
            if "options" in old and "options" in new
        ]

    def _options(self, options: View, other: View, language: str) -> str:
        differing = {name: str(value) for name, value in options.items() if other.get(name) != value}
        return label(differing or options, language, self._sentences)

    def _method(self, method: View | None, language: str) -> str:
        """A payment method as its owner calls it; empty for none."""
        if not method:
            return ""
        key = f"method.{method['kind']}"
        return self._say_with(key if self._sentences.has(key) else "method.other", language, method)

    def _say_with(self, key: str, language: str, known: Mapping[str, Any]) -> str:
        """Hand over those of the known values that the sentence takes."""
        wanted = self._sentences.keys[key]
        return self._sentences.say(key, language, **{name: known[name] for name in wanted})


def _goods(before: View, after: View) -> list[str]:
    """The goods a return, a claim or a partial cancellation is about, with their number where it is more than one."""
    kept = {line["line_id"]: line["quantity"] for line in after.get("lines", ())}
    units = (
        after.get("returned")
        or after.get("claim", {}).get("lines")
        or [{**line, "quantity": line["quantity"] - kept.get(line["line_id"], 0)} for line in before.get("lines", ())]
    )
    return [f"{unit['quantity']} × {unit['title']}" if unit["quantity"] > 1 else str(unit["title"]) for unit in units]
