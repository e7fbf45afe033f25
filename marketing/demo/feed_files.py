"""The demo's feeds as files to look at without a server; the site itself makes feeds at each request and keeps no file."""

from pathlib import Path

from marketing.bootstrap import App
from marketing.channels.website.payload import atom, json_feed, rss
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.tenants.profile import profile_of
from marketing.web.building.feeds import feed_of, scope_title
from marketing.web.queries.feeds import Scope, newest
from marketing.web.routes.feeds import picture_sizes

EVERY = 1_000_000  # products; a file holds all of them, not the newest alone


def write_feeds(app: App, tenant_id: str) -> tuple[Path, int]:
    """Write what may be promoted now as RSS, Atom and JSON Feed; return the RSS file and the number of products."""
    profile, scope, now = profile_of(tenant_id), Scope(), app.clock()
    with app.database.read() as session:
        found = newest(session, profile, scope, EVERY, now)
    with speaking(SOURCE_LANGUAGE):
        feed = feed_of(
            found.entries,
            profile,
            scope,
            title=scope_title(profile, scope, ""),
            public_url=app.settings.public_url,
            picture_size=picture_sizes(app.settings.picture_dir),
            now=now,
        )
    folder = app.settings.website_dir.resolve() / tenant_id
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in (("rss.xml", rss), ("atom.xml", atom), ("feed.json", json_feed)):
        (folder / name).write_bytes(write(feed))
    return folder / "rss.xml", len(feed.items)


def refresh_feeds(app: App, tenant_id: str) -> None:
    """Write the files again where a demo has left them in this data folder."""
    if (app.settings.website_dir / tenant_id / "rss.xml").is_file():
        write_feeds(app, tenant_id)
