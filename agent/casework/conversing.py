"""Lets the model hold the conversation, and turns what it leaves behind into state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from agent.casework.case_reading import citation_of, focus_of, heard_in, known_texts
from agent.casework.deciding import Deciding, identity_of
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.handing_off import HandingOff
from agent.casework.metrics import FALLBACKS, GUARDED, TOOLS
from agent.casework.on_file import customer_on_file
from agent.casework.proving import CodeDesk, IdentityAttempts
from agent.casework.spending import day_of
from agent.conversation import Action, ActionId, ActionStatus, Json, Reason, Speaker, ToolCall
from agent.escalation.verdict import ReasonCode
from agent.loop.agent import EMBEDDED, Loop
from agent.loop.brief import Brief, Said, TurnScope
from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence
from agent.loop.sentences import Sentences
from agent.loop.single_tool import run_tool
from agent.loop.summary import KEY as SUMMARY
from agent.loop.wording import Wording
from agent.understanding.reading import Emotion, Reading
from knowledge.port import Passage
from tools.proposals import Proposal, proposal_to_json
from tools.scope import ExceptionAsked
from tools.shop.models import CustomerId
from tools.shop.snapshot import Snapshot

log = structlog.get_logger("postventa.turn")

OFFERED_FOR = 4
"""Turns for which an offer of a person stands without being said again."""

NOTHING_SAID = Emotion()


class Conversing:
    """One run of the loop and its consequences: identity, proposals, a person, citations, the checked reply."""

    def __init__(self, services: Services, deciding: Deciding, handing_off: HandingOff) -> None:
        self._services = services
        self._deciding = deciding
        self._handing_off = handing_off
        self._guard = ReplyGuard()
        self._wording = Wording(services.sentences)

    async def converse(self, draft: Draft, front: Storefront, reading: Reading, *, offer: bool) -> None:
        """Answer what the shopper wrote; ``offer`` adds that a person can take over.

        Not under a proposal, which wants a yes of its own, and not again a moment after it was said.
        """
        await self._run(draft, front, reading, resumed=False)
        seq, told = draft.claim.turn.seq, draft.conversation.metadata
        asked_for_yes = "confirmation" in draft.asks
        lately = seq - int(told.get("person_offered_at", -OFFERED_FOR)) < OFFERED_FOR
        offer = offer and draft.open_handoff is None and not asked_for_yes and not lately
        if offer and not self._services.escalation.offers_person("\n\n".join((draft.spoken, *draft.paragraphs))):
            draft.say(self._services.sentences.say("handoff.offer", draft.conversation.language))
        at = {"person_offered_at": seq} if offer else {}
        draft.change(metadata={**told, "person_offered": offer, **at})

    async def resume(self, draft: Draft, front: Storefront, reading: Reading | None) -> None:
        """Go on with the agenda after a decision; ``reading`` is none when it came by button."""
        language = draft.conversation.language
        await self._run(draft, front, reading or Reading("", language, False, (), (), NOTHING_SAID), resumed=True)

    async def use_tool(self, draft: Draft, front: Storefront, name: str, arguments: Json) -> ToolCall:
        """Run one tool without a model, under the rules of any other; what it leaves behind becomes state alike."""
        scope = self._scope(draft, front)
        made = await run_tool(scope, name, arguments, self._services.new_id("call"), self._services.spans)
        draft.tool_calls.extend(scope.trace)
        self._count(scope)
        self._keep_proposals(draft, scope)
        for proposal in scope.proposals[-1:]:
            draft.say(self._question(proposal, draft))
        await self._keep_person(draft, front, scope)
        return made

    async def _run(self, draft: Draft, front: Storefront, reading: Reading, *, resumed: bool) -> None:
        scope = self._scope(draft, front)
        scope.brief = await self._brief(draft, front, reading, resumed=resumed)
        loop = self._services.loop_of(front.id)
        await self._choose(loop, scope, draft, front)
        said = await loop.run(scope, draft.claim.file, draft.conversation.language)
        said = await self._sound(loop, said, scope, draft)
        self._book(scope, draft, front)
        draft.said = said
        draft.tool_calls.extend(scope.trace)
        self._count(scope)
        self._keep_identity(draft, scope)
        draft.say(said.text)
        if scope.proposals and said.model != "embedded":
            draft.say(self._question(scope.proposals[-1], draft))
        draft.asks = said.asks
        draft.change(agenda=said.agenda)
        if scope.summary is not None:
            draft.change(metadata={**draft.conversation.metadata, SUMMARY: dict(scope.summary)})
        if said.last:
            draft.change(metadata={**draft.conversation.metadata, "last": said.last})
        draft.citations.extend(citation_of(passage) for passage in scope.citations if _is_cited(passage, said))
        self._keep_proposals(draft, scope)
        await self._keep_person(draft, front, scope)

    async def _choose(self, loop: Loop, scope: TurnScope, draft: Draft, front: Storefront) -> None:
        """Who answers: the LLM, or the embedded model, because it is sure or because a budget is spent."""
        if not loop.has_llm:
            return
        scope.routine = loop.is_routine(scope.told)
        day = day_of(draft.now, front.zone)
        if not scope.routine and (stop := await self._services.spending.stop_for(front.id, draft.conversation.id, day)):
            scope.fallbacks.append(stop)
        if scope.routine or scope.fallbacks or scope.told.resumed or draft.paragraphs:
            return
        message_id = self._services.new_id("msg")

        async def send(text: str) -> None:
            await draft.speak(message_id, text)

        scope.stream = Sentences(send, self._soundness(scope, draft), scope.languages)

    def _soundness(self, scope: TurnScope, draft: Draft) -> Callable[[str], bool]:
        """Whether a sentence has ground in what is known now; read anew when tools have answered since."""
        read: dict[int, Evidence] = {}

        def is_sound(sentence: str) -> bool:
            if len(scope.trace) not in read:
                read[len(scope.trace)] = self._evidence(scope, draft)
            return not self._guard.unsupported(sentence, read[len(scope.trace)])

        return is_sound

    def _book(self, scope: TurnScope, draft: Draft, front: Storefront) -> None:
        spent = self._services.spending.book_of(front.id, day_of(draft.now, front.zone), scope.spent)
        draft.spent = (*draft.spent, *spent)

    def _question(self, proposal: Proposal, draft: Draft) -> str:
        """Under an LLM's words, in ours: what a yes will be a yes to, whatever the LLM made of it."""
        language = draft.conversation.language
        summary = self._wording.proposal(proposal, language)
        return f"{summary} {self._wording.question(proposal, language, draft.claim.turn.seq)}"

    def _scope(self, draft: Draft, front: Storefront) -> TurnScope:
        services, conversation = self._services, draft.conversation
        return TurnScope(
            shop=Snapshot(front.shop),
            policy=front.policy,
            knowledge=front.knowledge,
            codes=CodeDesk(
                storefront=front,
                conversation_id=conversation.id,
                language=conversation.language,
                store=services.codes,
                mail=services.mail,
                limits=services.limits,
                sentences=services.sentences,
                new_code=services.new_code,
                secret=services.secret,
                now=draft.now,
            ),
            attempts=IdentityAttempts(services.limits, front.id, conversation.id),
            now=draft.now,
            language=conversation.language,
            new_id=services.new_id,
            identity=identity_of(conversation),
            code_sent_for=CustomerId(conversation.code_for) if conversation.code_for else None,
            heard=heard_in(draft),
            watch=draft.emit,
        )

    async def _brief(self, draft: Draft, front: Storefront, reading: Reading, *, resumed: bool) -> Brief:
        conversation, file = draft.conversation, draft.claim.file
        done = tuple(action for action in draft.actions.values() if action.status is ActionStatus.EXECUTED)
        handoffs = {handoff.id: handoff for handoff in (*file.handoffs, *draft.handoffs.values())}
        notes = "\n".join(handoff.notes for handoff in handoffs.values() if handoff.notes)
        return Brief(
            shop_name=front.name,
            now=draft.now.astimezone(front.zone),
            language=conversation.language,
            channel=conversation.channel,
            reading=reading,
            facts=conversation.facts,
            agenda=conversation.agenda,
            asked=file.conversation.asked,
            pending=draft.pending,
            done=done,
            customer_name=await self._name(draft, front),
            notes=notes,
            focus=focus_of(file),
            last=str(conversation.metadata.get("last", "")),
            seed=draft.claim.turn.seq,
            opening=not any(message.who is not Speaker.SHOPPER for message in file.messages),
            resumed=resumed,
        )

    async def _name(self, draft: Draft, front: Storefront) -> str:
        known = draft.conversation.metadata.get("customer_name")
        if isinstance(known, str):
            return known
        if draft.conversation.identity_level < 2:
            return ""
        customer = await customer_on_file(self._services, front, draft.conversation)
        return customer.first_name if customer else ""

    def _evidence(self, scope: TurnScope, draft: Draft) -> Evidence:
        return Evidence.of(
            known_texts(scope, draft),
            handoff=bool(draft.open_handoff or scope.person_wanted or _left_to_person(scope)),
            executed={action.kind for action in draft.actions.values() if action.status is ActionStatus.EXECUTED},
            today=scope.told.now.date(),
            articles=(passage.text for passage in scope.citations if passage.supports),
        )

    async def _sound(self, loop: Loop, said: Said, scope: TurnScope, draft: Draft) -> Said:
        """The reply, repaired once when it says what nothing supports, and otherwise replaced."""
        evidence = self._evidence(scope, draft)
        if scope.stream is not None:
            scope.stream.closed = True
        for repair in (loop.repair, loop.retell):
            unsupported = self._guard.unsupported(said.text, evidence)
            if not unsupported:
                return said
            log.warning("reply_unsupported", turn=draft.claim.turn.id, model=said.model, found=len(unsupported))
            GUARDED.labels(said.model).inc()
            said = await repair(scope, draft.claim.file, said, unsupported)
        if self._guard.unsupported(said.text, evidence):
            return replace(said, text=self._services.sentences.say("fallback.unsure", scope.language), asks=())
        return said

    def _count(self, scope: TurnScope) -> None:
        for call in scope.trace:
            TOOLS.labels(call.name, str(call.ok).lower()).inc()
        for cause in scope.fallbacks:
            FALLBACKS.labels(cause).inc()

    def _keep_identity(self, draft: Draft, scope: TurnScope) -> None:
        identity = scope.identity
        draft.change(
            identity_level=identity.level,
            customer_id=identity.customer_id,
            verified_orders=tuple(sorted(identity.orders)),
            code_for=scope.code_sent_for,
        )

    def _keep_proposals(self, draft: Draft, scope: TurnScope) -> None:
        if scope.proposals:
            self._deciding.supersede(draft)
        for proposal in scope.proposals[-1:]:
            draft.keep(self._action(draft, proposal))

    def _action(self, draft: Draft, proposal: Proposal) -> Action:
        return Action(
            id=ActionId(proposal.id),
            turn_id=draft.claim.turn.id,
            kind=proposal.change.kind.value,
            order_number=proposal.order_number,
            status=ActionStatus.PROPOSED,
            summary=self._wording.proposal(proposal, draft.conversation.language),
            before=proposal.before,
            after=proposal.after,
            cost=proposal.cost.as_json() if proposal.cost else None,
            proposal=proposal_to_json(proposal),
            digest=proposal.digest,
            created_at=draft.now,
            expires_at=proposal.expires_at,
        )

    async def _keep_person(self, draft: Draft, front: Storefront, scope: TurnScope) -> None:
        if draft.open_handoff is not None:
            return
        last = draft.claim.file.messages[-1].id if draft.claim.file.messages else ""
        if asked := _left_to_person(scope):
            reason = Reason(
                ReasonCode.OUT_OF_POLICY_EXCEPTION.value, f"{asked.change.kind.value}: {asked.verdict.code}", last
            )
            await self._handing_off.hand_off(draft, front, (reason,), queue="exceptions", priority=3)
        elif scope.person_wanted is not None:
            reason = Reason(ReasonCode.HUMAN_REQUEST.value, scope.person_wanted.reason, last)
            await self._handing_off.hand_off(draft, front, (reason,), queue="general", priority=3)


def _is_cited(passage: Passage, said: Said) -> bool:
    """Whether the reply rests on it: an LLM may word it as it likes, the embedded model names what it quotes."""
    return passage.supports and (said.model != EMBEDDED or passage.title in said.text)


def _left_to_person(scope: TurnScope) -> ExceptionAsked | None:
    """What was asked for last that only a person can see to: nothing could be proposed, so no yes is waited for."""
    found = [one for one in scope.exceptions if one.proposal is None]
    return found[-1] if found and not scope.proposals else None
