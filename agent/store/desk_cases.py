"""Cases that external desks have acknowledged: in the table ``desk_cases``, or in this process."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select

from agent.casework.outbox.help_desk import DeskCase
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

_table = tables.desk_cases
_d = _table.c
_CASE = select(_d.desk, _d.case_id, _d.shop_id, _d.conversation_id, _d.handoff_id)


class SqlDeskCases:
    """``casework.outbox.help_desk.DeskCases``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, case: DeskCase, now: datetime) -> None:
        """See the port. The first one known for a handoff stays."""

        def work(connection: Connection) -> None:
            row = {**asdict(case), "at": now}
            connection.execute(insert_into(connection, _table).values(row).on_conflict_do_nothing())

        await self._database.write(work)

    async def of_handoff(self, desk: str, handoff_id: str) -> DeskCase | None:
        """See the port."""
        return await self._find(_d.desk == desk, _d.handoff_id == handoff_id)

    async def of_case(self, desk: str, case_id: str) -> DeskCase | None:
        """See the port."""
        return await self._find(_d.desk == desk, _d.case_id == case_id)

    async def _find(self, *where: object) -> DeskCase | None:
        found = _CASE.where(*where)  # type: ignore[arg-type]
        row = await self._database.peek(lambda connection: connection.execute(found).first())
        return None if row is None else DeskCase(*row)


class MemoryDeskCases:
    """``casework.outbox.help_desk.DeskCases`` in this process."""

    def __init__(self) -> None:
        self._cases: list[DeskCase] = []

    async def keep(self, case: DeskCase, now: datetime) -> None:  # noqa: ARG002 - the port has it
        """See the port. The first one known for a handoff stays."""
        known = await self.of_handoff(case.desk, case.handoff_id) or await self.of_case(case.desk, case.case_id)
        if known is None:
            self._cases.append(case)

    async def of_handoff(self, desk: str, handoff_id: str) -> DeskCase | None:
        """See the port."""
        return next((one for one in self._cases if (one.desk, one.handoff_id) == (desk, handoff_id)), None)

    async def of_case(self, desk: str, case_id: str) -> DeskCase | None:
        """See the port."""
        return next((one for one in self._cases if (one.desk, one.case_id) == (desk, case_id)), None)
