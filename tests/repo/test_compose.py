"""docker-compose.yml and Dockerfile say only what this program knows: its settings, its commands, its queues."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from marketing.cli.app import build
from marketing.db.models import JobLease
from marketing.db.session import Database
from marketing.queue import QueueName
from marketing.settings import Settings
from tests.support.world import World

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FILE: dict[str, Any] = yaml.safe_load(COMPOSE)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("siar:")}
WORKERS = [service for service in OURS.values() if service["command"][0] == "worker"]
SETTINGS = {f"SIAR_{name.upper()}" for name in Settings.model_fields}
# `environment` of the file that Compose fills in
GIVEN = {"POSTGRES_PASSWORD": "p" * 64, "REDIS_PASSWORD": "r" * 64, "SIAR_SECRET_KEY": "s" * 64}
GIVEN |= {"SIAR_PUBLIC_URL": "https://siar.contoh.go.id", "SIAR_SMTP_HOST": "relai.contoh.go.id"}


def filled(text: str) -> str:
    """Interpolate as Compose does: ${NAME:-default} and ${NAME:?message}."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if kind == ":?":
            return GIVEN[name]
        return GIVEN.get(name, rest)

    return re.sub(r"\$\{(\w+)(:-|:\?)([^}]*)\}", value, text)


def test_the_file_fits_the_compose_specification() -> None:
    schema = resources.files("check_jsonschema").joinpath("builtin_schemas", "vendor", "compose-spec.json")
    jsonschema.validate(FILE, json.loads(schema.read_text("utf-8")))


@pytest.mark.parametrize("text", [COMPOSE, DOCKERFILE], ids=["docker-compose.yml", "Dockerfile"])
def test_every_setting_exists(text: str) -> None:
    named = set(re.findall(r"SIAR_[A-Z_]+", text))
    assert named
    assert named <= SETTINGS


def test_what_must_be_filled_in_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    for name in set(re.findall(r"\$\{(\w+)", COMPOSE)) - {"IMAGE_TAG"}:
        assert f"# {name}=" in example, name
    assert set(re.findall(r"\$\{(\w+):\?", COMPOSE)) == set(GIVEN)


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_service_are_accepted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in OURS[name]["environment"].items():
        monkeypatch.setenv(key, filled(value))
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert settings.database == f"postgresql+psycopg://siar:{'p' * 64}@postgres/siar"
    assert settings.broker == f"redis://:{'r' * 64}@redis:6379/0"
    assert settings.signing_key == b"s" * 64
    assert settings.smtp_host
    assert str(settings.data_dir) == "/data"
    assert settings.secure_cookies
    Database(settings.database).close()


@pytest.mark.parametrize("name", OURS)
def test_the_command_is_one_of_ours_with_options_it_takes(name: str) -> None:
    word, *options = OURS[name]["command"]
    command = build().commands[word]  # type: ignore[attr-defined]
    command.make_context(word, list(options))  # parses and checks, runs nothing


def test_the_queues_are_ours_and_each_has_a_worker() -> None:
    lanes = [service["command"][service["command"].index("--queues") + 1].split(",") for service in WORKERS]
    named = [lane for some in lanes for lane in some]
    assert sorted(named) == sorted(QueueName)
    assert ["transactional"] in lanes, "order mail has a worker of its own"


@pytest.mark.parametrize("name", [name for name, service in OURS.items() if service["command"][0] != "migrate"])
def test_a_part_can_be_scaled(name: str) -> None:
    assert not {"container_name", "hostname"} & OURS[name].keys(), "every replica would have the same"
    if OURS[name] in WORKERS:
        assert "ports" not in OURS[name]
        assert "$$HOSTNAME" in OURS[name]["healthcheck"]["test"][-1], "each replica answers for itself"


def test_the_parts_wait_for_each_other() -> None:
    for name, service in OURS.items():
        waits = {other: wanted["condition"] for other, wanted in service["depends_on"].items()}
        if name == "migrate":
            assert waits == {"postgres": "service_healthy"}
        else:
            assert waits["migrate"] == "service_completed_successfully"
            assert {waits["postgres"], waits["redis"]} == {"service_healthy"}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["healthcheck"]["test"]


def test_everything_stays_up_but_the_migration() -> None:
    assert {name: service["restart"] for name, service in SERVICES.items()} == {
        name: "no" if name == "migrate" else "unless-stopped" for name in SERVICES
    }


def test_what_must_survive_lies_in_named_volumes() -> None:
    mounts = {name: [one.split(":") for one in service["volumes"]] for name, service in SERVICES.items()}
    assert {source for some in mounts.values() for source, _target in some} == set(FILE["volumes"])
    assert mounts["postgres"] == [["postgres", "/var/lib/postgresql/data"]]
    assert mounts["redis"] == [["redis", "/data"]]
    assert {target for name in OURS for _source, target in mounts[name]} == {
        OURS["web"]["environment"]["SIAR_DATA_DIR"]
    }


def test_redis_asks_for_a_password_and_keeps_what_it_has() -> None:
    command = SERVICES["redis"]["command"]
    assert command[0] == "redis-server", "otherwise the image runs it as root"
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--requirepass"].startswith("${REDIS_PASSWORD:?")
    assert (options["--appendonly"], options["--maxmemory-policy"]) == ("yes", "noeviction")


def test_only_the_web_is_reachable_and_no_secret_is_written_down() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert filled(SERVICES["web"]["ports"][0]) == "127.0.0.1:8000:8000"
    assert OURS["web"]["environment"]["SIAR_PORT"] == "8000"
    assert OURS["web"]["environment"]["SIAR_HOST"] == "0.0.0.0"
    for line in COMPOSE.splitlines():
        if re.search(r"PASSWORD:|SECRET_KEY:", line):
            assert ":?" in line, line


@pytest.mark.parametrize(
    ("age", "healthy"), [(None, False), (timedelta(seconds=20), True), (-timedelta(seconds=1), False)]
)
def test_the_scheduler_is_well_while_somebody_leads(
    age: timedelta | None, healthy: bool, small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    *command, program = SERVICES["scheduler"]["healthcheck"]["test"]
    assert command == ["CMD", "python", "-c"]
    if age is not None:
        with small_world.app.database.write() as session:
            session.add(JobLease(name="scheduler", owner="x", until=datetime.now(UTC) + age))
    monkeypatch.setenv("SIAR_DATABASE_URL", f"sqlite:///{small_world.app.database.engine.url.database}")
    with pytest.raises(SystemExit) as ended:
        exec(program, {})
    assert (not ended.value.code) is healthy


def test_the_image_runs_as_nobody_from_locked_packages() -> None:
    assert "--require-hashes -r /src/requirements/run.txt" in DOCKERFILE
    assert "requirements/test.txt" not in DOCKERFILE
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert "\nUSER siar\n" in last
    assert 'ENTRYPOINT ["siar"]' in last
    assert "/sehat" in last.partition("HEALTHCHECK")[2]


def test_every_file_the_image_copies_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }
    assert copied == sent
    assert all((ROOT / path).exists() for path in sent)
