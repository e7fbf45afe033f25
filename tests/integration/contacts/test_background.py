"""What nobody has in hand any more is taken up or given up; old files go; the ledger is looked at every night."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import select, text

from marketing.contacts.consent_checking import BROKEN, check_ledger
from marketing.contacts.consent_proof import ANCHORED
from marketing.contacts.importing.jobs import KEPT
from marketing.contacts.importing.running import lock_name
from marketing.contacts.importing.state import JobState
from marketing.contacts.importing.sweeping import TRIES, sweep, tidy
from marketing.db.exclusive import exclusively
from marketing.db.models import AuditEntry, Contact, ImportJob
from marketing.domain.types import Purpose, Role
from marketing.queue import TaskName
from tests.support.ledger import behind
from tests.support.world import TENANT, World, add_contact


def job(world: World, folder: Path, state: JobState, *, tenant: str = TENANT, name: str = "kontak.csv") -> int:
    """Keep an import in this state as its worker, or its task, left it."""
    path = folder / name
    path.write_text("Nama;Surel\nMaria;maria@surat.example\n")
    with world.app.database.write() as session:
        row = ImportJob(
            tenant_id=tenant, file_name=name, path=str(path), mapping={}, dry_run=False, state=state, counts={},
            errors_path=str(path.with_suffix(".galat.csv")), created_at=world.clock(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def asked(world: World) -> Sequence[int]:
    """Return the imports that workers were asked for, and forget them."""
    found = [int(ids["job_id"]) for task, ids in world.tasks.asked if task is TaskName.IMPORT_CONTACTS]
    world.tasks.asked.clear()
    return found


def state(world: World, job_id: int) -> ImportJob:
    with world.app.database.read() as session:
        return session.get_one(ImportJob, job_id)


def test_a_lost_worker_and_a_lost_task_are_made_good(world: World, tmp_path: Path) -> None:
    lost = job(world, tmp_path, JobState.RUNNING)
    other = job(world, tmp_path, JobState.WAITING, tenant="blitar", name="lain.csv")
    assert sweep(world.app.imports) == 1
    assert asked(world) == [lost]  # the other one may still be on its way
    world.clock.forward(minutes=2)
    sweep(world.app.imports)
    assert asked(world) == [other, lost]
    world.app.imports.run(lost)
    assert state(world, lost).state == JobState.DONE
    with world.app.database.read() as session:
        assert session.scalars(select(Contact.name)).all() == ["Maria"]
    sweep(world.app.imports)
    assert asked(world) == [other]


def test_a_worker_that_lives_is_left_alone(world: World, tmp_path: Path) -> None:
    running = job(world, tmp_path, JobState.RUNNING)
    waiting = job(world, tmp_path, JobState.WAITING, name="berikut.csv")
    world.clock.forward(hours=1)
    with exclusively(world.app.database, lock_name(TENANT)) as held:
        assert held
        assert sweep(world.app.imports) == 0
    assert "lost" not in state(world, running).counts
    sweep(world.app.imports)
    assert asked(world) == [running]
    assert state(world, waiting).state == JobState.WAITING


def test_a_file_that_brings_its_worker_down_is_told_and_the_next_one_goes_on(
    small_world: World, tmp_path: Path
) -> None:
    world = small_world
    bad, following = job(world, tmp_path, JobState.RUNNING), job(world, tmp_path, JobState.WAITING, name="berikut.csv")
    world.clock.forward(minutes=2)
    for _try in range(TRIES):
        sweep(world.app.imports)
        assert asked(world) == [bad]
    sweep(world.app.imports)
    given_up = state(world, bad)
    assert (given_up.state, given_up.finished_at) == (JobState.FAILED, world.clock())
    assert "unggah lagi" in given_up.error
    assert asked(world) == [following]
    assert world.audited()[-1] == "contacts.import"


def test_old_uploads_go_in_every_daerah(small_world: World) -> None:
    world = small_world
    user = world.staff(Role.MARKETER)
    kept = world.app.imports.upload(TENANT, user.id, "a.csv", BytesIO(b"Surel\na@surat.example\n"))
    world.clock.forward(seconds=KEPT.total_seconds() - 1)
    tidy(world.app.imports)
    assert Path(kept.path).is_file()
    world.clock.now += timedelta(seconds=2)
    tidy(world.app.imports)
    assert not Path(kept.path).exists()


def test_the_ledger_is_anchored_once_and_a_change_behind_its_back_is_written_down(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
    for _night in range(2):
        assert check_ledger(world.app.database, TENANT, world.clock()).intact
    assert world.audited().count(ANCHORED) == 1
    with behind(world.app.database) as connection:
        connection.execute(text("UPDATE consent_event SET source = 'lain' WHERE id = 2"))
    found = check_ledger(world.app.database, TENANT, world.clock())
    assert not found.intact
    with world.app.database.read() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == BROKEN)).one()
    assert found.proof.fault is not None
    assert told.details == {"line": found.proof.fault.line_id, "kind": found.proof.fault.kind.value}
