"""Mails about signing in: a forgotten password, an invitation, a password that was changed, a log-in from a new device.

They go out from a task that is asked for in the same way for every address typed into the form, known or not, so that
neither answer nor time tells who has an account.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.password_links import INVITE_VALID, RESET_VALID, PasswordLinks, moment_of, until_of
from marketing.channels.base import Accepted, Deferred, InDoubt, Messenger, send_one
from marketing.db.models import User
from marketing.db.session import Database
from marketing.domain.calendar_id import format_datetime
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.i18n import language as spoken
from marketing.i18n import speaking
from marketing.queue import TaskName, TaskQueue
from marketing.templates.context import SenderIdentity
from marketing.templates.system_mail import SignInContext, render_sign_in
from marketing.tenants.profile import TenantProfile, profile_of

NOBODY: Final = 0
"""The user of a mail that nobody gets: an address without an account causes the same task."""
MOST_ATTEMPTS: Final = 6
LONGEST_WAIT: Final = timedelta(minutes=10)
FORGOTTEN_PAGE: Final = "/masuk/lupa"


class SignInMail(StrEnum):
    """What is told."""

    RESET = "lupa"
    INVITE = "undangan"
    CHANGED = "diganti"
    DEVICE = "perangkat"


LINKED: Final = frozenset({SignInMail.RESET, SignInMail.INVITE})


@dataclass(frozen=True, slots=True)
class SignInMails:
    """Asks for these mails and sends them."""

    database: Database
    queue: TaskQueue
    messenger: Messenger
    links: PasswordLinks
    public_url: str
    clock: Callable[[], datetime]

    def ask(self, session: Session, user: User | None, kind: SignInMail, language: str) -> None:
        """Have a mail sent after the commit; the same work when there is no such user."""
        now = self.clock()
        until = until_of(now, INVITE_VALID if kind is SignInMail.INVITE else RESET_VALID)
        user_id = NOBODY if user is None else user.id
        self.queue.enqueue(
            session, TaskName.SIGN_IN_MAIL, user_id=user_id, kind=kind.value, until=until, language=language, attempt=1
        )

    def send(self, user_id: int, kind: SignInMail, *, until: int, language: str, attempt: int = 1) -> bool:
        """Send one mail; a passing fault puts it off under the same link and Message-ID. False when none has gone out yet."""
        now = self.clock()
        with self.database.write() as session:
            user = session.get(User, user_id)
            if user is None or not user.is_active or (kind in LINKED and moment_of(until) <= now):
                return False
            email = written(user, kind, self.links, self.public_url, until=until, language=language)
            if kind in LINKED and attempt == 1:
                write_audit(
                    session,
                    tenant_id=user.tenant_id,
                    user_id=user.id,
                    action=f"password.{'link' if kind is SignInMail.RESET else 'invited'}",
                    subject=f"user:{user.id}",
                    now=now,
                )
        outcome = send_one(self.messenger, email)
        if isinstance(outcome, Deferred) and attempt < MOST_ATTEMPTS:
            self.queue.later(
                TaskName.SIGN_IN_MAIL,
                min(max(outcome.retry_after, timedelta(minutes=attempt)), LONGEST_WAIT),
                user_id=user_id,
                kind=kind.value,
                until=until,
                language=language,
                attempt=attempt + 1,
            )
        return isinstance(outcome, Accepted | InDoubt)


def written(
    user: User, kind: SignInMail, links: PasswordLinks, public_url: str, *, until: int, language: str
) -> OutboundEmail:
    """Return the finished mail; the same link and Message-ID every time."""
    profile = profile_of(user.tenant_id)
    url = links.url(user, until) if kind in LINKED else f"{public_url}{FORGOTTEN_PAGE}"
    with speaking(language):
        rendered = render_sign_in(_context(user, kind, profile, url, until))
    sender = profile.transactional_sender
    return OutboundEmail(
        key=f"masuk-{kind}-{user.id}-{until}",
        email_type=EmailType.TRANSACTIONAL,
        message_id=f"<masuk.{kind}.{user.id}.{until}.{links.stamp(user):x}@{sender.partition('@')[2]}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name=user.name,
        recipient_address=user.email,
        subject=rendered.subject,
        body=WholeBody(rendered.html, rendered.text),
        reply_to=profile.email,
        tenant=profile.id,
    )


def _context(user: User, kind: SignInMail, profile: TenantProfile, url: str, until: int) -> SignInContext:
    told_at = moment_of(until) - (INVITE_VALID if kind is SignInMail.INVITE else RESET_VALID)
    when, last = (format_datetime(moment, profile.zone, spoken()) for moment in (told_at, moment_of(until)))
    subject, preheader, headline, lines, action, note = {
        SignInMail.RESET: (
            _("Ganti kata sandi Siar"),
            _("Tautan ini berlaku 30 menit, sekali pakai."),
            _("Ganti kata sandi Anda"),
            (
                _("Seseorang, semoga Anda sendiri, meminta kata sandi baru untuk akun dengan alamat ini."),
                _("Buka halaman di bawah, lalu tulis kata sandi yang baru. Sesudah itu semua perangkat harus masuk lagi."),
            ),
            _("Tulis kata sandi baru"),
            _("Bukan Anda? Abaikan surel ini: tanpa tautan di atas kata sandi Anda tidak berubah."),
        ),
        SignInMail.INVITE: (
            _("Undangan ke Siar: {office}").format(office=profile.dinas_short),
            _("Tulis kata sandi Anda untuk mulai. Tautan berlaku 72 jam, sekali pakai."),
            _("Anda diundang ke Siar"),
            (
                _("{office} membuatkan akun Siar untuk Anda, dengan alamat surel ini.").format(office=profile.dinas),
                _("Buka halaman di bawah dan tulis kata sandi Anda. Sesudah itu Anda dapat masuk."),
            ),
            _("Tulis kata sandi"),
            _("Tidak mengenal undangan ini? Abaikan saja: tanpa kata sandi akunnya tidak dapat dipakai."),
        ),
        SignInMail.CHANGED: (
            _("Kata sandi Siar Anda sudah diganti"),
            _("Semua perangkat harus masuk lagi."),
            _("Kata sandi Anda sudah diganti"),
            (_("Kata sandi akun Anda baru saja diganti, dan semua perangkat dikeluarkan."),),
            _("Ganti lagi kata sandinya"),
            _("Bukan Anda? Ganti kata sandinya sekarang juga dan kabari operator Siar di Dinas."),
        ),
        SignInMail.DEVICE: (
            _("Masuk ke Siar dari perangkat baru"),
            _("Bila ini Anda, tidak ada yang perlu dilakukan."),
            _("Masuk dari perangkat baru"),
            (_("Akun Anda baru saja dipakai masuk dari peramban yang belum pernah dipakai sebelumnya."),),
            _("Ganti kata sandi"),
            _("Bukan Anda? Ganti kata sandinya sekarang juga dan kabari operator Siar di Dinas."),
        ),
    }[kind]  # fmt: skip
    facts = [_("Akun: {email}").format(email=user.email), _("Waktu: {time}").format(time=when)]
    if kind in LINKED:
        facts.append(_("Berlaku sampai: {time}").format(time=last))
    return SignInContext(
        sender=SenderIdentity.of(profile),
        subject=subject,
        preheader=preheader,
        headline=headline,
        lines=lines,
        facts=tuple(facts),
        action=action,
        address_note=_("Bila tombol tidak dapat dibuka, salin alamat ini ke peramban:"),
        url=url,
        note=note,
    )
