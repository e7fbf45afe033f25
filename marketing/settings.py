"""The only reader of the environment: SIAR_* variables and .env, checked once at start."""

import hashlib
import json
import os
import secrets
import tempfile
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from marketing.domain.quiet_hours import QuietHours
from marketing.domain.sealing import Sealer
from marketing.errors import SettingsError, StorageError
from marketing.i18n import gettext as _

LOOPBACK = ("127.0.0.1", "::1", "localhost")
FEWEST_MONTHS = 3
SOCIAL = (
    "tiktok_client_key",
    "tiktok_host",
    "tiktok_login_host",
    "meta_app_id",
    "meta_host",
    "meta_login_host",
    "whatsapp_host",
    "telegram_host",
)
BROKERS = ("redis", "rediss", "redis+socket", "sentinel", "memory")


class Settings(BaseSettings):
    """Every setting with its default; the embedded way needs none of them."""

    model_config = SettingsConfigDict(env_prefix="SIAR_", env_file=".env", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = Field(default="", description="postgresql+psycopg://…; empty: SQLite in the data folder")
    broker_url: str = Field(default="", description="redis://…; empty: embedded Valkey started by `siar up`")
    public_url: str = Field(default="", description="how people reach us; empty: host and port below")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    lang: Literal["id", "en"] = "id"
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="signs links, keys hashes; empty: made and kept in the data folder"
    )
    seal_key: SecretStr = Field(
        default=SecretStr(""), description="seals tokens and passwords in the database; empty: the secret key does"
    )
    seal_keys_old: SecretStr = Field(
        default=SecretStr(""),
        description="keys that sealed before, with spaces between; until `siar data reseal` has run",
    )
    smtp_host: str = Field(default="", description="relay; empty: the local inbox started by `siar up`")
    smtp_port: int = 25
    inbox_port: int = Field(default=2525, description="loopback port of the local inbox")
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["none", "starttls", "implicit"] = "none"
    smtp_timeout_seconds: float = 30.0
    relay_log: Path | None = Field(
        default=None, description="the relay's own log on this machine, of Postfix or Exim; settles what is in doubt"
    )
    catalog_sources: dict[str, str] = Field(
        default_factory=dict, description='{"tts": "https://…"}: where each Daerah\'s catalogue is'
    )
    catalog_minutes: int = Field(default=15, ge=1, description="how often each catalogue is pulled")
    catalog_token: SecretStr = SecretStr("")
    source_token: SecretStr = Field(
        default=SecretStr(""), description="token of the source that `siar sync --source …` names; kept sealed"
    )
    catalog_timeout_seconds: float = 20.0
    shopee_partner_id: str = Field(default="", description="the office's app on Shopee Open Platform")
    shopee_partner_key: SecretStr = SecretStr("")
    shopee_host: str = Field(default="", description="empty: Shopee's own host; another one for its sandbox")
    tiktok_shop_app_key: str = Field(default="", description="the office's app in TikTok Shop Partner Center")
    tiktok_shop_app_secret: SecretStr = SecretStr("")
    tiktok_shop_service_id: str = Field(default="", description="names the app on the page where a shop's owner agrees")
    tiktok_shop_host: str = Field(default="", description="empty: TikTok Shop's own host")
    tiktok_shop_auth_host: str = Field(default="", description="empty: TikTok Shop's own host for tokens")
    tiktok_client_key: str = Field(default="", description="the office's app at TikTok for Developers")
    tiktok_client_secret: SecretStr = SecretStr("")
    tiktok_host: str = Field(default="", description="empty: TikTok's own host")
    tiktok_login_host: str = Field(default="", description="empty: TikTok's own host for the page where people agree")
    meta_app_id: str = Field(default="", description="the office's app at Meta for Developers: Facebook and Instagram")
    meta_app_secret: SecretStr = SecretStr("")
    meta_verify_token: SecretStr = Field(
        default=SecretStr(""), description="chosen by you and typed in at Meta, where its webhook is given our address"
    )
    meta_host: str = Field(default="", description="empty: Meta's own host")
    meta_login_host: str = Field(default="", description="empty: Facebook's own host for the page where people agree")
    whatsapp_host: str = Field(default="", description="empty: as meta_host")
    telegram_host: str = Field(
        default="", description="empty: Telegram's own host; another one for a Bot API server of one's own"
    )
    lease_seconds: float = Field(
        default=30.0,
        ge=2.0,
        description="after so long without a sign of life a worker counts as dead; others take over",
    )
    quiet_hours: bool = Field(
        default=True, description="marketing waits from 20.00 to 08.00 on the person's clock, and on silent holidays"
    )
    chromium: str = Field(default="", description="program that pictures mails; empty: chromium on the PATH, if any")
    message_months: int = Field(
        default=24, ge=0, description="how many whole months messages are kept; 0: for ever. Sums of each campaign stay"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="the bearer token of Prometheus at /metrics; empty: the page does not exist"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("message_months")
    @classmethod
    def _long_enough(cls, months: int) -> int:
        if 0 < months < FEWEST_MONTHS:
            raise ValueError(
                _(
                    "paling sedikit {months} bulan, atau 0 untuk selamanya: batas kirim dan aduan dihitung dari sana"
                ).format(months=FEWEST_MONTHS)
            )
        return months

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, address: str) -> str:
        if address and address.partition("://")[0] not in BROKERS:
            raise ValueError(_("alamat harus dimulai dengan salah satu dari: {known}").format(known=", ".join(BROKERS)))
        return address

    @field_validator(
        "shopee_host",
        "tiktok_shop_host",
        "tiktok_shop_auth_host",
        "tiktok_host",
        "tiktok_login_host",
        "telegram_host",
        "whatsapp_host",
        "meta_host",
        "meta_login_host",
    )
    @classmethod
    def _private_host(cls, address: str) -> str:
        host = urlsplit(address)
        if address and host.scheme != "https" and not (host.scheme == "http" and host.hostname in LOOPBACK):
            raise ValueError(_("alamat harus dimulai dengan https://, karena kunci dan izin lewat di sana"))
        return address.rstrip("/")

    @model_validator(mode="after")
    def _address(self) -> Self:
        here = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  compared, not bound
        self.public_url = (self.public_url or f"http://{here}:{self.port}").rstrip("/")
        return self

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'siar.sqlite3').resolve()}"

    @cached_property
    def broker_socket(self) -> Path:
        """The embedded broker's private socket; in the system's temporary folder, because socket paths are short."""
        place = hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"siar-{place}" / "valkey.sock"

    @property
    def broker(self) -> str:
        """The broker's address in force."""
        return self.broker_url or f"redis+socket://{self.broker_socket}"

    def catalog_environment(self) -> dict[str, str]:
        """Return the catalogue sources as environment variables for a process we start."""
        return {"SIAR_CATALOG_SOURCES": json.dumps(self.catalog_sources)} if self.catalog_sources else {}

    def social_environment(self) -> dict[str, str]:
        """Return the office's apps at social networks as environment variables for a process we start."""
        secrets_of = {
            "tiktok_client_secret": self.tiktok_client_secret.get_secret_value(),
            "meta_app_secret": self.meta_app_secret.get_secret_value(),
        }
        plain = {name: str(getattr(self, name)) for name in SOCIAL}
        return {f"SIAR_{name.upper()}": value for name, value in (plain | secrets_of).items() if value}

    @property
    def lease(self) -> timedelta:
        """How long a worker has a range of messages in hand without renewing it."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def quiet(self) -> QuietHours | None:
        """The hours in which nobody gets marketing; None where an operator, or a rehearsal, sends at any hour."""
        return QuietHours() if self.quiet_hours else None

    @property
    def secure_cookies(self) -> bool:
        """Whether people reach us by HTTPS: then cookies never travel without it."""
        return self.public_url.startswith("https://")

    @property
    def outbox_dir(self) -> Path:
        """Where sandbox channels store what would have been posted."""
        return self.data_dir / "kotak-keluar"

    @property
    def inbox_dir(self) -> Path:
        """Where the local mail receiver stores what arrived."""
        return self.data_dir / "kotak-surat"

    @property
    def website_dir(self) -> Path:
        """Where offers on the site are kept, and the feeds a demo leaves to look at."""
        return self.data_dir / "situs"

    @property
    def profile_dir(self) -> Path:
        """Where a Dinas keeps what it changed about itself, one file per Daerah."""
        return self.data_dir / "daerah"

    @property
    def picture_dir(self) -> Path:
        """Our own re-encoded product pictures, by content hash."""
        return self.data_dir / "gambar"

    @property
    def proof_dir(self) -> Path:
        """Pictures that prove what people did by hand; only our own pages show them."""
        return self.data_dir / "bukti"

    @cached_property
    def signing_key(self) -> bytes:
        """The key for links, hashes and sessions: from the environment, else made once in the data folder."""
        given = self.secret_key.get_secret_value()
        if given:
            return given.encode()
        path = self.data_dir / "kunci"
        self.prepare_data_dir()
        try:
            with open(path, "x", opener=_private) as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        return path.read_text("ascii").encode()

    @cached_property
    def sealer(self) -> Sealer:
        """What seals the tokens and passwords in the database: with the key in force; older ones still open."""
        first = [self.seal_key.get_secret_value().encode()] if self.seal_key.get_secret_value() else []
        old = [key.encode() for key in self.seal_keys_old.get_secret_value().split()]
        return Sealer((*first, self.signing_key, *old))

    def prepare_data_dir(self) -> None:
        """Make the data folder; StorageError says why it cannot be used."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            probe = self.data_dir / f".tulis-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise StorageError(
                _(
                    "Folder data “{path}” tidak dapat ditulisi ({reason}). Pilih folder lain dengan SIAR_DATA_DIR."
                ).format(path=self.data_dir, reason=error.strerror or error)
            ) from error


def child_environment(**changes: str) -> dict[str, str]:
    """Return the environment for a process we start: ours, with these SIAR_* values set."""
    return {**os.environ, **changes}


def trace_endpoint() -> str:
    """Return where traces go, by OpenTelemetry's own standard variables; empty: nobody traces."""
    return os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; SettingsError names each wrong one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic itself
    except ValidationError as error:
        wrong = "; ".join(f"SIAR_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(_("Setelan keliru: {wrong}. Lihat .env.example.").format(wrong=wrong)) from error
    except UnreadableError as error:  # a value that should be JSON and is not; the error names its field
        known = (name for name in Settings.model_fields if f'"{name}"' in str(error))
        wrong = ", ".join(f"SIAR_{name.upper()}" for name in known) or str(error)
        raise SettingsError(
            _("Setelan keliru: {wrong}: isinya bukan JSON yang sah. Lihat .env.example.").format(wrong=wrong)
        ) from error
