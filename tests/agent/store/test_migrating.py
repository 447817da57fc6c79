import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from agent.errors import Misconfigured
from agent.store.database import Database, open_database
from agent.store.migrate import MIGRATIONS, is_current, migrate, newest_revision
from agent.store.tables import metadata
from agent.store.upgrade import configuration


async def test_the_migrated_schema_is_the_one_in_code(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    assert await database.write(differences) == []


async def test_a_difference_would_be_seen(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        connection.execute(text("ALTER TABLE mails ADD COLUMN extra VARCHAR"))
        found = compare_metadata(MigrationContext.configure(connection), metadata)
        connection.execute(text("ALTER TABLE mails DROP COLUMN extra"))
        return list(found)

    assert len(await database.write(differences)) == 1


async def test_a_database_is_current_at_the_newest_revision_and_at_no_other(database: Database) -> None:
    def behind(connection: Connection) -> bool:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        found = is_current(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_revision()})
        return found

    assert await database.read(is_current)
    assert not await database.write(behind)
    assert await database.read(is_current)


async def test_a_database_without_tables_is_behind(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    assert not await database.read(is_current)
    await database.dispose()


def test_files_are_named_after_their_revisions_in_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    line = [revision.revision for revision in script.walk_revisions()][::-1]
    assert line == sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert script.get_current_head() == newest_revision()


async def _table_names(database: Database) -> set[str]:
    return await database.read(lambda connection: set(inspect(connection).get_table_names()))


async def test_replicas_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    replicas = [open_database(f"sqlite:///{tmp_path / 'new.db'}") for _ in range(4)]
    await _migrate_at_once(replicas)


async def test_replicas_that_start_at_once_on_postgresql_migrate_once(
    postgres_url: str, migrated_postgres_url: str
) -> None:
    replicas = [open_database(postgres_url) for _ in range(4)]
    await replicas[0].write(_drop_everything)
    await _migrate_at_once(replicas)


async def _migrate_at_once(replicas: list[Database]) -> None:
    await asyncio.gather(*[migrate(replica) for replica in replicas])
    assert await _table_names(replicas[0]) == {*metadata.tables, "alembic_version"}
    for replica in replicas:
        await replica.dispose()


def _drop_everything(connection: Connection) -> None:
    command.downgrade(configuration(connection), "base")
    assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_a_database_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        open_database(url)


def test_a_refusal_does_not_show_the_password() -> None:
    with pytest.raises(Misconfigured) as refusal:
        open_database("mysql://user:hunter2@host/db")
    assert "hunter2" not in str(refusal.value)
