"""The demo's people: a marketer, an approver and somebody of the managing team per Daerah, with a new password each time the demo starts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.users import create_user, set_password
from marketing.bootstrap import App
from marketing.db.models import User
from marketing.domain.types import Role

_PEOPLE = {
    ("tts", Role.MARKETER): ("pemasar@tts.example", "Yuliana Nabunome"),
    ("tts", Role.APPROVER): ("penyetuju@tts.example", "Daniel Tefa"),
    ("tts", Role.MANAGING_TEAM): ("pengelola@tts.example", "Maria Fallo"),
    ("blitar", Role.MARKETER): ("pemasar@blitar.example", "Sri Wahyuni"),
    ("blitar", Role.APPROVER): ("penyetuju@blitar.example", "Bambang Prasetyo"),
    ("blitar", Role.MANAGING_TEAM): ("pengelola@blitar.example", "Dewi Lestari"),
}


@dataclass(frozen=True, slots=True)
class Login:
    """What the demo prints so that a person can log in."""

    tenant_id: str
    role: Role
    name: str
    email: str
    password: str


def ensure_people(app: App) -> list[Login]:
    """Make or refresh the demo's users and return their log-ins."""
    logins = []
    for (tenant_id, role), (email, name) in _PEOPLE.items():
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        with app.database.write() as session:
            user = session.scalars(select(User).where(User.email == email)).first()
            if user is None:
                create_user(
                    session,
                    tenant_id=tenant_id,
                    email=email,
                    name=name,
                    password=password,
                    roles=[role],
                    now=app.clock(),
                )
            else:
                set_password(session, user, password)
        logins.append(Login(tenant_id, role, name, email, password))
    return logins


def staff(session: Session, tenant_id: str) -> Mapping[Role, User]:
    """Return the demo's users of one tenant by role."""
    wanted = {email: role for (tenant, role), (email, _name) in _PEOPLE.items() if tenant == tenant_id}
    return {wanted[user.email]: user for user in session.scalars(select(User).where(User.email.in_(wanted)))}
