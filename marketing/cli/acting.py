"""Who acts, for commands that only a named person with a role may give."""

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from marketing.errors import NotFoundError
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketing.db.models import User


def acting(session: "Session", tenant_id: str, email: str) -> "User":
    """Return the person of this Daerah with this address; NotFoundError otherwise. The use case asks for the role."""
    from marketing.db.models import User

    query = select(User).where(User.tenant_id == tenant_id, func.lower(User.email) == email.strip().lower())
    user = session.scalars(query).first()
    if user is None:
        raise NotFoundError(_("Tidak ada orang dengan surel itu di Daerah ini. Lihat: siar user --help."))
    return user
