"""Files of contacts through the real use case on both engines: who comes in, who does not, and that twice is once."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.importing.state import JobState
from marketing.db.models import Address, ConsentNow, Contact, ImportJob, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.errors import CatalogError, InvalidInputError
from tests.support.world import TENANT, World, add_contact

HEADINGS = ("Nama", "Surel", "WhatsApp", "Persetujuan", "Waktu persetujuan", "Versi kalimat", "Sumber")
PROOF = ("promosi, buletin", "2026-01-05 10:00", "2026-1", "formulir pameran")


def write(path: Path, *rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([headings, *rows])
    return path


def take(world: World, path: Path, *, dry_run: bool = False, **mapping: str) -> dict[str, Any]:
    job = world.app.imports.run_file(TENANT, path, mapping, dry_run=dry_run, errors=path.with_suffix(".galat.csv"))
    assert job.state == JobState.DONE
    names = ("rows", "new", "changed", "unchanged", "refused", "consents")
    return {name: job.counts[name] for name in names}


def told(path: Path) -> list[tuple[str, str]]:
    text = path.with_suffix(".galat.csv").read_text("utf-8-sig")
    return [(row["Baris"], row["Alasan"]) for row in csv.DictReader(text.splitlines(), delimiter=";")]


def numbers(new: int = 0, changed: int = 0, unchanged: int = 0, refused: int = 0, consents: int = 0) -> dict[str, int]:
    rows = new + changed + unchanged + refused
    return {
        "rows": rows,
        "new": new,
        "changed": changed,
        "unchanged": unchanged,
        "refused": refused,
        "consents": consents,
    }


def state(world: World, address: str, purpose: Purpose = Purpose.PROMOTIONAL) -> ConsentState:
    query = (
        select(ConsentNow.state)
        .join(Address, Address.contact_id == ConsentNow.contact_id)
        .where(Address.normalised == address, ConsentNow.purpose == purpose)
    )
    with world.app.database.read() as session:
        return session.scalar(query) or ConsentState.NONE


def count(world: World, what: Any) -> int:
    with world.app.database.read() as session:
        return session.scalars(select(func.count()).select_from(what)).one()


def test_people_addresses_and_consents_come_in_and_twice_is_once(world: World, tmp_path: Path) -> None:
    path = write(
        tmp_path / "orang.csv",
        ("Budi", "Budi@Kotak.Example", "0812-3456-7890", *PROOF),
        ("Siti", "siti@bücher.example", "62 813 3456 7890", "", "", "", ""),
        ("Ani", "", "+62 814 3456 7890", *PROOF),
    )
    assert take(world, path, dry_run=True) == numbers(new=3, consents=4)
    assert count(world, Contact) == 0
    assert take(world, path) == numbers(new=3, consents=4)
    assert take(world, path) == numbers(unchanged=3)
    with world.app.database.read() as session:
        found = set(session.scalars(select(Address.normalised)))
        assert verify_ledger(session, TENANT) is None
    assert found == {
        "Budi@kotak.example", "+6281234567890", "siti@xn--bcher-kva.example", "+6281334567890", "+6281434567890"
    }  # fmt: skip
    assert state(world, "Budi@kotak.example") is ConsentState.GIVEN
    assert state(world, "siti@xn--bcher-kva.example") is ConsentState.NONE
    assert world.audited().count("contacts.import") == 3


def test_the_same_person_in_other_spelling_counts_once_and_the_first_wins(world: World, tmp_path: Path) -> None:
    path = write(
        tmp_path / "orang.csv",
        ("Budi", "budi@kotak.example", "081234567890"),
        ("BUDI S.", "BUDI@KOTAK.example", ""),
        ("Budi lagi", "", "6281234567890"),
        ("Istri Budi", "istri@kotak.example", "0812 3456 7890"),
        headings=HEADINGS[:3],
    )
    assert take(world, path) == numbers(new=2, refused=2)
    assert [row for row, _text in told(path)] == ["3", "4", "5"]
    assert "baris 2" in told(path)[0][1]
    assert take(world, path) == numbers(unchanged=2, refused=2)


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_consent_counts_only_with_time_wording_and_source(world: World, tmp_path: Path, missing: int) -> None:
    said = list(PROOF)
    said[missing] = ""
    path = write(tmp_path / "orang.csv", ("Budi", "budi@kotak.example", "", *said))
    assert take(world, path) == numbers(new=1)
    assert len(told(path)) == 1
    assert state(world, "budi@kotak.example") is ConsentState.NONE


def test_an_import_never_turns_a_withdrawal_into_consent(world: World, tmp_path: Path) -> None:
    row = ("Budi", "budi@kotak.example", "", *PROOF)
    take(world, write(tmp_path / "orang.csv", row))
    with world.app.database.read() as session:
        contact = session.scalars(select(Contact.id)).one()
    world.withdraw(contact, Purpose.PROMOTIONAL)
    world.clock.forward(days=30)
    later = (
        "Budi",
        "budi@kotak.example",
        "",
        "promosi",
        f"{world.clock() - timedelta(days=1):%Y-%m-%d %H:%M}",
        "2026-2",
        "daftar",
    )
    for one in (row, later):
        assert take(world, write(tmp_path / "orang.csv", one)) == numbers(unchanged=1)
    assert state(world, "budi@kotak.example") is ConsentState.WITHDRAWN


def test_a_no_in_the_file_ends_a_consent_that_stands(world: World, tmp_path: Path) -> None:
    take(world, write(tmp_path / "orang.csv", ("Budi", "budi@kotak.example", "", *PROOF)))
    path = write(tmp_path / "dua.csv", ("budi@kotak.example", "tidak"), headings=("Email", "Persetujuan promosi"))
    assert take(world, path) == numbers(changed=1, consents=1)
    assert state(world, "budi@kotak.example") is ConsentState.WITHDRAWN
    assert take(world, path) == numbers(unchanged=1)


def test_who_was_erased_stays_out_and_nothing_more_is_said(world: World, tmp_path: Path) -> None:
    hashed = address_hash(world.app.settings.signing_key, TENANT, "budi@kotak.example")
    with world.app.database.write() as session:
        session.add(
            Suppression(
                tenant_id=TENANT, channel=ChannelName.EMAIL, address_hash=hashed, reason="erased", at=world.clock()
            )
        )
    path = write(tmp_path / "orang.csv", ("Budi", "BUDI@kotak.example", "081234567890", *PROOF))
    assert take(world, path) == numbers(refused=1)
    assert told(path) == [("2", "pernah dihapus")]
    assert count(world, Contact) == count(world, Address) == 0


def test_a_catalogue_keeps_the_word_on_its_own_buyers(world: World, tmp_path: Path) -> None:
    contact = add_contact(world.app, 1, email="budi@kotak.example")
    path = write(
        tmp_path / "orang.csv", ("Nama lain", "budi@kotak.example", "Kota Soe"), headings=("Nama", "Email", "Kecamatan")
    )
    assert take(world, path) == numbers(changed=1)
    with world.app.database.read() as session:
        found = session.get_one(Contact, contact)
    assert (found.name, found.kecamatan) == ("Orang 1", "Kota Soe")
    assert take(world, path) == numbers(unchanged=1)


def test_the_id_of_the_file_says_who_moved_to_another_mailbox(world: World, tmp_path: Path) -> None:
    headings = ("ID", "Email")
    take(world, write(tmp_path / "orang.csv", ("007", "lama@kotak.example"), headings=headings))
    path = write(tmp_path / "orang.csv", ("007", "baru@kotak.example"), headings=headings)
    assert take(world, path) == numbers(changed=1)
    with world.app.database.read() as session:
        assert list(session.scalars(select(Address.normalised))) == ["baru@kotak.example"]
    assert take(world, path) == numbers(unchanged=1)


def test_an_address_of_somebody_else_stays_there_and_is_told(world: World, tmp_path: Path) -> None:
    headings = ("Nama", "Email", "HP")
    take(world, write(tmp_path / "a.csv", ("Budi", "budi@kotak.example", "081234567890"), headings=headings))
    path = write(tmp_path / "b.csv", ("Siti", "siti@kotak.example", "081234567890"), headings=headings)
    assert take(world, path) == numbers(new=1)
    assert "gabungkan" in told(path)[0][1]
    assert take(world, path) == numbers(unchanged=1)


def test_a_phone_alone_and_later_its_mailbox_is_one_person(world: World, tmp_path: Path) -> None:
    take(world, write(tmp_path / "a.csv", ("081234567890",), headings=("HP",)))
    path = write(tmp_path / "b.csv", ("budi@kotak.example", "+6281234567890"), headings=("Email", "HP"))
    assert take(world, path) == numbers(changed=1)
    assert take(world, path) == numbers(unchanged=1)
    assert count(world, Contact) == 1


def test_a_kill_between_two_batches_costs_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketing.contacts.importing.running.BATCH", 10)
    rows = [(f"Orang {one}", f"orang{one % 45}@kotak.example", "", *PROOF) for one in range(50)]
    path = write(tmp_path / "orang.csv", *rows)
    job = add_job(world, path)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("marketing.contacts.importing.running.write_changes", dying(after=3))
        world.app.imports.run(job.id)
    assert count(world, Contact) == 30
    assert job_of(world, job.id).state == JobState.RUNNING
    world.app.imports.run(job.id)
    done = job_of(world, job.id)
    assert done.state == JobState.DONE
    assert {name: done.counts[name] for name in ("rows", "new", "refused", "consents")} == {
        "rows": 50, "new": 45, "refused": 5, "consents": 90
    }  # fmt: skip
    assert len(Path(done.errors_path).read_text("utf-8-sig").splitlines()) == 6
    assert count(world, Contact) == 45


class Killed(BaseException):
    """The worker is gone: nothing after this is run."""


def dying(after: int) -> Any:
    from marketing.contacts.importing.writing import write_changes

    done = []

    def write_or_die(*arguments: Any, **more: Any) -> int:
        if len(done) == after:
            raise Killed
        done.append(1)
        return write_changes(*arguments, **more)

    return write_or_die


def add_job(world: World, path: Path, *, dry_run: bool = False) -> ImportJob:
    with path.open("rb") as content:
        user = world.staff(Role.MARKETER)
        job = world.app.imports.upload(TENANT, user.id, path.name, content)
    world.app.imports.start(TENANT, job.id, user.id, {}, dry_run=dry_run)
    return job_of(world, job.id)


def job_of(world: World, job_id: int) -> ImportJob:
    with world.app.database.read() as session:
        return session.get_one(ImportJob, job_id)


def test_a_file_is_tried_then_imported_then_gone(world: World, tmp_path: Path) -> None:
    job = add_job(world, write(tmp_path / "orang.csv", ("Budi", "budi@kotak.example", "", *PROOF)), dry_run=True)
    world.app.imports.run(job.id)
    assert job_of(world, job.id).counts["new"] == 1
    assert Path(job.path).is_file()
    assert count(world, Contact) == 0
    world.app.imports.start(TENANT, job.id, world.staff(Role.MARKETER).id, {}, dry_run=False)
    world.app.imports.run(job.id)
    assert count(world, Contact) == 1
    assert not Path(job.path).exists()
    assert job_of(world, job.id).finished_at == world.clock()


def test_a_cancelled_import_stops_and_its_file_goes(world: World, tmp_path: Path) -> None:
    job = add_job(world, write(tmp_path / "orang.csv", ("Budi", "budi@kotak.example", "", *PROOF)))
    world.app.imports.cancel(TENANT, job.id)
    world.app.imports.run(job.id)
    assert job_of(world, job.id).state == JobState.CANCELLED
    assert not Path(job.path).exists()
    assert count(world, Contact) == 0


def test_an_open_quotation_mark_is_told_before_anything_is_written(world: World, tmp_path: Path) -> None:
    path = tmp_path / "orang.csv"
    lines = ["Nama;Surel;HP;Kecamatan", *(f"Orang {one};o{one}@kotak.example;;" for one in range(40))]
    lines[30] = lines[30].replace("Orang", '"Orang')
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises((CatalogError, InvalidInputError), match="tanda kutip"):
        take(world, path)
    assert count(world, Contact) == 0
