"""How a proposing tool answers: the proposal that now waits for a yes, or the verdict that stands in its way."""

from __future__ import annotations

from tools.decision_views import ClauseView, NeedView, ProposalView, VerdictView
from tools.methods import TOO_LITTLE, methods_instead
from tools.policy.verdict import Clause, Decision, Verdict
from tools.proposals import Proposal
from tools.proposing import propose, propose_exception
from tools.rendering import moment_text, plain, render_moment, render_money
from tools.scope import ExceptionAsked, Scope
from tools.shop.changes import Change, ChangeProfileAddress
from tools.views import as_text


async def offer(change: Change, scope: Scope) -> str:
    """Propose the change and leave it on the scope; a no is an answer too.

    What a person may allow is left there as well: with the proposal to say yes to, which is then theirs to decide.

    Raises what ``propose`` raises.
    """
    outcome = await propose(change, scope)
    if isinstance(outcome, Verdict):
        if outcome.code == TOO_LITTLE:
            return as_text(VerdictView(**render_verdict(change, outcome), methods=await methods_instead(change, scope)))
        if outcome.decision is not Decision.NEEDS_PERSON:
            return as_text(render_verdict(change, outcome))
        would = await propose_exception(change, scope)
        scope.exceptions.append(ExceptionAsked(change, outcome, would))
        if would is None:
            return as_text(render_verdict(change, outcome))
        scope.proposals.append(would)
        return as_text(VerdictView(**render_verdict(change, outcome), would=render_proposal(would, scope)))
    scope.proposals.append(outcome)
    return as_text(render_proposal(outcome, scope))


def render_proposal(proposal: Proposal, scope: Scope) -> ProposalView:
    """A proposal as the model reads it; times on the shop's clock."""
    zone, terms = scope.policy.zone, proposal.terms
    return ProposalView(
        status="needs_person" if proposal.granted else "awaiting_confirmation",
        id=proposal.id,
        kind=proposal.change.kind.value,
        order=proposal.order_number,
        before=dict(proposal.before),
        after=dict(proposal.after),
        cost=render_money(proposal.cost),
        refund_days=terms.refund_days if terms.refund else None,
        ship_by=render_moment(terms.ship_by, zone),
        clause=render_clause(proposal.clause),
        undo_minutes=proposal.undo_minutes,
        expires_at=moment_text(proposal.expires_at, zone),
    )


def render_verdict(change: Change, verdict: Verdict) -> VerdictView:
    """A verdict that was no yes, with what would make it one and what remains open."""
    return VerdictView(
        status="needs_person" if verdict.decision is Decision.NEEDS_PERSON else "denied",
        kind=change.kind.value,
        order=None if isinstance(change, ChangeProfileAddress) else change.number,
        code=verdict.code,
        clause=render_clause(verdict.clause),
        needs=render_needs(verdict),
        until=verdict.until,
        alternatives=list(verdict.alternatives),
        later=list(verdict.later),
    )


def render_needs(verdict: Verdict) -> list[NeedView]:
    """The facts that stood in the way."""
    return [
        NeedView(
            fact=need.fact,
            operator=need.operator,
            value=plain(need.value),
            actual=plain(need.actual),
            line_id=need.line_id,
        )
        for need in verdict.needs
    ]


def render_clause(clause: Clause) -> ClauseView:
    """Where the rule is written."""
    return ClauseView(id=clause.id, topic=clause.topic, version=clause.version)
