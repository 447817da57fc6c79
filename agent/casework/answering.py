"""Answers one turn: reads it, decides what code decides, lets the model do the rest, and stores it all at once."""

from __future__ import annotations

import time

import structlog

from agent.casework.cards import Card, cards_of
from agent.casework.closing import close_turn
from agent.casework.conversing import Conversing
from agent.casework.deciding import Deciding, action_of, last_executed
from agent.casework.desk.events import SHOPPER_MESSAGE
from agent.casework.desk.turns import DeskTurns
from agent.casework.draft import DELTA, Draft, reply_message
from agent.casework.front import Services, ShopperClaims, Storefront
from agent.casework.handing_off import HandingOff, reasons_of
from agent.casework.hearing import circumstances_of, facts_in, lines_of, merge_facts, tells_anew
from agent.casework.metrics import TURN_SECONDS, TURNS
from agent.casework.opening import UNIDENTIFIED, identify
from agent.casework.overdue import Overdue
from agent.casework.ports import Claim, LeaseLost
from agent.casework.queued import Queued
from agent.casework.rendering import render_action, render_turn
from agent.casework.tool_turns import ToolTurns
from agent.conversation import (
    Action,
    ActionStatus,
    Json,
    Message,
    Reason,
    Speaker,
    Status,
    TurnKind,
)
from agent.errors import Conflict
from agent.escalation.verdict import Decision, ReasonCode, Stance
from agent.loop.agenda import drop_confirmed, update_agenda
from agent.loop.assent import with_assent, with_correction
from agent.loop.sentences import after
from agent.spans import AGENT, INVOKE_AGENT, Span
from agent.understanding.context import in_context, speaks
from agent.understanding.reading import Answer, Reading
from agent.understanding.record import reading_to_json
from agent.understanding.taking_back import takes_back

SIGNED_IN = 2
HAS_OTHERS = frozenset({"out_of_stock", "insufficient_balance"})
"""Why a change failed at the last moment that can still be had in another size, or paid another way."""

CAN_WAIT = frozenset(
    {
        ReasonCode.LOOP,
        ReasonCode.FRUSTRATION,
        ReasonCode.COMPLEXITY,
        ReasonCode.VALUE,
        ReasonCode.OUT_OF_POLICY_EXCEPTION,
    }
)
log = structlog.get_logger("postventa.turn")


class Answering:
    """One turn from claim to stored outcome. Whatever breaks inside, the shopper hears the truth and gets a person."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._handing_off = HandingOff(services)
        self._deciding = Deciding(services, self._handing_off, services.retry)
        self._conversing = Conversing(services, self._deciding, self._handing_off)
        self._overdue = Overdue(services)
        self._queued = Queued(services, self._handing_off, self._deciding, self._conversing, self._overdue)
        self._desk = DeskTurns(services, self._handing_off, self._deciding, self._conversing, self._overdue)
        self._tools = ToolTurns(services, self._handing_off, self._deciding, self._conversing)

    async def answer(self, claim: Claim) -> Json:
        """Answer and store; the answer. Raises ``LeaseLost`` when somebody else took the conversation over meanwhile."""
        told = {"gen_ai.agent.name": AGENT, "gen_ai.conversation.id": claim.turn.conversation_id}
        with self._services.spans.span(
            INVOKE_AGENT, AGENT, {**told, "postventa.turn.kind": claim.turn.kind.value}
        ) as span:
            return await self._answer(claim, span)

    async def _answer(self, claim: Claim, span: Span) -> Json:
        if claim.turn.kind is TurnKind.DESK:
            return await self._desk.answer(claim)
        if claim.turn.kind is TurnKind.TOOL:
            return await self._tools.answer(claim)
        services = self._services
        started = time.perf_counter()
        draft = Draft(claim, services.bus, services.clock())
        front = services.storefronts[claim.file.conversation.shop_id]
        await draft.emit("turn.started", {"turn_id": claim.turn.id})
        try:
            await self._move(draft, front)
        except LeaseLost:
            raise
        except Conflict:
            draft.say(services.sentences.say("decision.not_possible", draft.conversation.language))
            log.info("decision_refused", turn=claim.turn.id)
        except Exception:  # the one boundary of a turn: an unforeseen defect must not trap a shopper
            log.exception("turn_failed", turn=claim.turn.id)
            await self._apologise(draft, front)
        result = await self._close(draft, started)
        _tell(span, draft)
        return result

    async def _move(self, draft: Draft, front: Storefront) -> None:
        self._deciding.expire(draft)
        turn = draft.claim.turn
        claims = turn.input.get("shopper") or draft.conversation.metadata.get(UNIDENTIFIED)
        if claims and draft.conversation.identity_level < SIGNED_IN:
            draft.conversation = await identify(self._services, draft.conversation, ShopperClaims(**claims))
        if turn.kind is TurnKind.MESSAGE:
            await self._message(draft, front)
        elif turn.kind is TurnKind.HANDOFF and draft.conversation.status is Status.HUMAN:
            draft.silent = True
        elif turn.kind is TurnKind.HANDOFF:
            reason = Reason(ReasonCode.HUMAN_REQUEST.value, "button")
            await self._handing_off.hand_off(draft, front, (reason,), queue="general", priority=2)
        else:
            await self._decision(draft, front, turn.kind, str(turn.input["action_id"]))

    async def _decision(self, draft: Draft, front: Storefront, kind: TurnKind, action_id: str) -> None:
        action = action_of(draft, action_id)
        if action is None:
            draft.say(self._services.sentences.say("decision.not_possible", draft.conversation.language))
            return
        if kind is TurnKind.UNDO:
            await self._deciding.undo(draft, front, action)
        elif kind is TurnKind.REJECT:
            await self._reject(draft, front, action)
        else:
            await self._confirm(draft, front, action)

    async def _message(self, draft: Draft, front: Storefront) -> None:
        message = draft.claim.file.messages[-1]
        await draft.emit(SHOPPER_MESSAGE, {"id": message.id, "text": message.text, "at": message.at.isoformat()})
        reading = self._hear(draft, front, message)
        if draft.conversation.status is Status.HUMAN:
            draft.silent = True
            return
        decision = self._services.escalation.decide(
            lines_of(draft.claim.file, reading), circumstances_of(draft, front.policy)
        )
        queued = draft.conversation.status is Status.QUEUED
        action = self._asked_about(draft)
        decided = action is not None and reading.answer in (Answer.YES, Answer.NO)
        regretted = last_executed(draft) if not draft.pending and takes_back(message.text) else None
        meant = decided or regretted is not None or tells_anew(reading, draft.claim.file)
        if decision.stance is Stance.ESCALATE and not queued and not (meant and _can_wait(decision)):
            await self._escalate(draft, front, decision)
        elif action is not None and decided:
            await (self._confirm if reading.answer is Answer.YES else self._reject)(draft, front, action, reading)
        elif regretted is not None:
            await self._deciding.undo(draft, front, regretted)
        elif queued:
            await self._queued.answer(draft, front, reading, decision)
        else:
            if action and reading.answer is Answer.CHANGE:
                self._deciding.supersede(draft)
            await self._conversing.converse(draft, front, reading, offer=decision.stance is Stance.OFFER)

    def _hear(self, draft: Draft, front: Storefront, message: Message) -> Reading:
        conversation = draft.conversation
        reading = self._services.reader.read(
            message.text, language=conversation.language, now=draft.now, zone=front.zone
        )
        reading = in_context(reading, conversation.asked)
        if (proposed := self._asked_about(draft)) is not None:
            reading = with_assent(reading, proposed.kind, proposed.order_number or "")
            reading = with_correction(reading, proposed.kind, proposed.order_number or "")
        draft.reading = reading_to_json(reading)
        draft.change(
            language=reading.language if reading.language_sure and speaks(reading) else conversation.language,
            status=Status.BOT if conversation.status is Status.CLOSED else conversation.status,
            facts=merge_facts(conversation.facts, facts_in(reading, message.id, draft.now)),
            agenda=update_agenda(conversation.agenda, reading, conversation.asked),
        )
        return reading

    def _asked_about(self, draft: Draft) -> Action | None:
        """The proposal the last reply asked about; a yes to anything else is no consent."""
        pending = draft.pending
        return pending[-1] if pending and "confirmation" in draft.claim.file.conversation.asked else None

    async def _confirm(self, draft: Draft, front: Storefront, action: Action, reading: Reading | None = None) -> None:
        await self._deciding.confirm(draft, front, action)
        status = draft.actions[action.id].status
        if status is ActionStatus.PROPOSED:
            return
        again = status is ActionStatus.EXPIRED or draft.actions[action.id].failure in HAS_OTHERS
        agenda = drop_confirmed(draft.conversation.agenda, retry=again)
        draft.change(agenda=agenda)
        await self._go_on(draft, front, reading)

    async def _reject(self, draft: Draft, front: Storefront, action: Action, reading: Reading | None = None) -> None:
        await self._deciding.reject(draft, action)
        draft.change(agenda=drop_confirmed(draft.conversation.agenda, retry=False))
        await self._go_on(draft, front, reading)

    async def _go_on(self, draft: Draft, front: Storefront, reading: Reading | None) -> None:
        """The rest of the agenda, or the question whether anything else is needed; neither once a person has the case."""
        language = draft.conversation.language
        if draft.conversation.status is not Status.BOT:
            return
        if draft.conversation.agenda:
            await self._conversing.resume(draft, front, reading)
        else:
            draft.say(self._services.sentences.say("decision.anything_else", language, pick=draft.claim.turn.seq))

    async def _escalate(self, draft: Draft, front: Storefront, decision: Decision) -> None:
        ids = [message.id for message in draft.claim.file.messages]
        self._deciding.supersede(draft)
        await self._handing_off.hand_off(draft, front, reasons_of(decision, ids), decision.queue, decision.priority)

    async def _apologise(self, draft: Draft, front: Storefront) -> None:
        """What was done before it broke is still said; the rest is not."""
        draft.drop_talk()
        draft.asks = ()
        draft.report(self._services.sentences.say("fallback.broken", draft.conversation.language))
        reason = Reason(ReasonCode.TOOL_OUTAGE.value, "internal")
        await self._handing_off.hand_off(draft, front, (reason,), queue="general", priority=2)

    async def _close(self, draft: Draft, started: float) -> Json:
        services = self._services
        text = after(draft.spoken, "\n\n".join(draft.paragraphs))
        reply_id = draft.reply_id or services.new_id("msg")
        reply = None if draft.silent or not text else reply_message(draft, reply_id, text)
        draft.change(asked=draft.asks)
        for action in draft.changed.values():
            if action.status is ActionStatus.PROPOSED:
                await draft.emit("action.proposed", render_action(action))
        if reply is not None:
            await self._emit_reply(draft, reply)
        position = await self._handing_off.position(draft)
        latency = round((time.perf_counter() - started) * 1000)
        draft.wait = await self._handing_off.wait(draft, position)
        result = render_turn(draft, reply, position, latency, await self._cards(draft, reply))
        await draft.emit("done", {"turn": result})
        outcome = draft.outcome(result, (reply,) if reply else (), latency)
        await close_turn(services, draft, outcome)
        TURNS.labels(draft.conversation.language, result["usage"]["model"], result["status"]).inc()
        TURN_SECONDS.observe(time.perf_counter() - started)
        _log(draft, result)
        return result

    async def _cards(self, draft: Draft, reply: Message | None) -> list[Card]:
        """What the reply shows beside its words; a defect there costs the cards, never the reply."""
        if reply is None:
            return []
        front = self._services.storefronts[draft.conversation.shop_id]
        try:
            return await cards_of(draft, front, self._services.sentences)
        except Exception:  # the words say it all
            log.exception("reply_without_cards", turn=draft.claim.turn.id)
            return []

    async def _emit_reply(self, draft: Draft, reply: Message) -> None:
        for paragraph in reply.text.removeprefix(draft.spoken).splitlines(keepends=True):
            await draft.emit(DELTA, {"id": reply.id, "text": paragraph})
        for citation in reply.citations:
            await draft.emit("citation", citation)
        await draft.emit("message.completed", {"id": reply.id, "text": reply.text, "who": Speaker.AGENT.value})


def _log(draft: Draft, result: Json) -> None:
    """One line for a turn: ids, codes and figures, no word of anybody."""
    turn = draft.claim.turn
    log.info(
        "turn_answered",
        shop=draft.conversation.shop_id,
        conversation=turn.conversation_id,
        turn=turn.id,
        kind=turn.kind.value,
        language=result["language"],
        status=result["status"],
        model=result["usage"]["model"],
        tools=[f"{tool['name']}{'' if tool['ok'] else '!'}" for tool in result["tools"]],
        actions=[f"{action['kind']}:{action['status']}" for action in result["actions"]],
        handoff=[reason["code"] for reason in result["handoff"]["reasons"]] if result["handoff"] else [],
        ms=result["latency_ms"],
    )


def _tell(span: Span, draft: Draft) -> None:
    span.note({"postventa.language": draft.conversation.language, "postventa.status": draft.conversation.status.value})
    if (said := draft.said) is not None:
        provider, _, name = said.model.rpartition(":")
        span.note(
            {
                "gen_ai.provider.name": provider or AGENT,
                "gen_ai.request.model": name,
                "gen_ai.usage.input_tokens": said.input_tokens,
                "gen_ai.usage.output_tokens": said.output_tokens,
            }
        )


def _can_wait(decision: Decision) -> bool:
    """Whether what the shopper has just decided or told goes first: it may be the end of what went round in circles."""
    return all(cause.code in CAN_WAIT for cause in decision.causes)
