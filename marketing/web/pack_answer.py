"""All data of one person as a file, made while it leaves."""

from collections.abc import Mapping
from typing import Final

from fastapi.responses import StreamingResponse

from marketing.bootstrap import App
from marketing.contacts import data_pack
from marketing.contacts.personal_data import Person
from marketing.tenants.profile import profile_of

MEDIA: Final = {"json": "application/json; charset=utf-8", "html": "text/html; charset=utf-8"}


def shape_of(asked: object) -> str:
    """Return the shape of a pack as a form asks for it: a page to read, or JSON."""
    return "html" if asked == "html" else "json"


def pack_answer(app: App, person: Person, shape: str, headers: Mapping[str, str] | None = None) -> StreamingResponse:
    """Return the pack as a download; who took it must be written down before."""
    profile = profile_of(person.tenant_id)
    make = data_pack.as_page if shape == "html" else data_pack.as_json
    name = f"data-{profile.id}-{person.contact_id}.{shape}"
    return StreamingResponse(
        make(app.database, person, profile, app.clock()),
        media_type=MEDIA[shape],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            **(headers or {}),
        },
    )
