"""Settings: ``bridge.yaml`` and the environment, checked as a whole, into one frozen value. Secrets come by name only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.adapters import adapter_of, products
from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.policy.documents import Document, parse
from helpdesk_bridge.web.tokens import ApiToken, tokens_of

PREFIX = "BRIDGE_"
_PASSWORD = re.compile(r"://[^/@]*:[^/@]+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where ``helpdesk-bridge run`` listens."""

    host: str
    port: int
    threads: int
    processes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """How the workers work; times in seconds."""

    lease_seconds: float
    grace_seconds: float
    advance_threads: int
    deliver_threads: int
    sweep_seconds: float
    poll_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """What the hooks accept."""

    max_body_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """Who reads comments and tickets beside the rules, and how many seconds it may take for one."""

    reader: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Addresses that customers may open."""

    public_url: str | None
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """The API; without a token there is none."""

    tokens: tuple[ApiToken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """What exported evidence is signed with."""

    signing_key: str | None = field(repr=False)
    """An Ed25519 private key, PEM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long copies are kept."""

    deliveries_days: int
    """0: for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """How the bridge logs."""

    format: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """One desk."""

    id: DeskId
    product: str
    adapter_settings: Mapping[str, Any] = field(repr=False)
    """Checked by the adapter's own schema; secrets are resolved, so this is never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is configured."""

    database: str = field(repr=False)
    policy_folders: tuple[Path, ...]
    server: ServerSettings
    engine: EngineSettings
    hooks: HookSettings
    reading: ReadingSettings
    links: LinkSettings
    api: ApiSettings
    evidence: EvidenceSettings
    retention: RetentionSettings
    log: LogSettings
    desks: tuple[DeskSettings, ...]


class _Strict(ma.Schema):
    class Meta:
        unknown = ma.RAISE


class _Server(_Strict):
    host = ma.fields.String(load_default="127.0.0.1")
    port = ma.fields.Integer(load_default=8400, validate=Range(min=1, max=65535))
    threads = ma.fields.Integer(load_default=16, validate=Range(min=1, max=512))
    processes = ma.fields.Integer(load_default=2, validate=Range(min=1, max=64))


class _Engine(_Strict):
    lease_seconds = ma.fields.Float(load_default=90.0, validate=Range(min=1))
    grace_seconds = ma.fields.Float(load_default=10.0, validate=Range(min=0))
    advance_threads = ma.fields.Integer(load_default=2, validate=Range(min=1, max=64))
    deliver_threads = ma.fields.Integer(load_default=2, validate=Range(min=1, max=64))
    sweep_seconds = ma.fields.Float(load_default=2.0, validate=Range(min=0.05))
    poll_seconds = ma.fields.Float(load_default=60.0, validate=Range(min=1))


class _Hooks(_Strict):
    max_body_bytes = ma.fields.Integer(load_default=1_000_000, validate=Range(min=1024, max=16_000_000))


class _Reading(_Strict):
    reader = ma.fields.String(load_default="rules", validate=Length(min=1))
    seconds = ma.fields.Float(load_default=10.0, validate=Range(min=0.1, max=300))


class _Links(_Strict):
    public_url = ma.fields.Url(load_default=None, allow_none=True, schemes={"http", "https"}, require_tld=False)
    secret = ma.fields.String(load_default=None, allow_none=True, validate=Length(min=16))

    @ma.validates_schema
    def _signed(self, data: dict[str, Any], **_: Any) -> None:
        if data["public_url"] is not None and data["secret"] is None:
            raise ma.ValidationError("is needed to sign addresses: give it by BRIDGE_LINKS_SECRET", "secret")


class _Tokens(ma.fields.Field[tuple[ApiToken, ...]]):
    """``name=secret`` or ``name:read=secret``, one a line or between commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[ApiToken, ...]:
        if not isinstance(value, str):
            raise ma.ValidationError("must be a text")
        try:
            return tokens_of(value)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from None


class _Api(_Strict):
    tokens = _Tokens(load_default=(), allow_none=True)


class _Evidence(_Strict):
    signing_key = ma.fields.String(load_default=None, allow_none=True)


class _Retention(_Strict):
    deliveries_days = ma.fields.Integer(load_default=400, validate=Range(min=0, max=36_500))


class _Log(_Strict):
    format = ma.fields.String(load_default="json", validate=OneOf(("json", "console")))
    level = ma.fields.String(load_default="info", validate=OneOf(("debug", "info", "warning", "error")))


class SettingsDocument(_Strict):
    """``bridge.yaml``."""

    database = ma.fields.String(load_default="sqlite:///bridge.sqlite3")
    policy = ma.fields.String(load_default=None, allow_none=True)
    server = ma.fields.Nested(_Server, load_default=lambda: _Server().load({}))
    engine = ma.fields.Nested(_Engine, load_default=lambda: _Engine().load({}))
    hooks = ma.fields.Nested(_Hooks, load_default=lambda: _Hooks().load({}))
    reading = ma.fields.Nested(_Reading, load_default=lambda: _Reading().load({}))
    links = ma.fields.Nested(_Links, load_default=lambda: _Links().load({}))
    api = ma.fields.Nested(_Api, load_default=lambda: _Api().load({}))
    evidence = ma.fields.Nested(_Evidence, load_default=lambda: _Evidence().load({}))
    retention = ma.fields.Nested(_Retention, load_default=lambda: _Retention().load({}))
    log = ma.fields.Nested(_Log, load_default=lambda: _Log().load({}))
    desks = ma.fields.Dict(
        keys=ma.fields.String(validate=Regexp(r"^[a-z0-9][a-z0-9-]{0,62}$")), values=ma.fields.Raw(), load_default=dict
    )


SECTIONS: dict[str, type[ma.Schema]] = {
    "server": _Server,
    "engine": _Engine,
    "hooks": _Hooks,
    "reading": _Reading,
    "links": _Links,
    "api": _Api,
    "evidence": _Evidence,
    "retention": _Retention,
    "log": _Log,
}


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Load settings. ``BRIDGE_DATABASE``, ``BRIDGE_ENGINE_POLL_SECONDS`` and the like win over the file. Raises: ConfigurationError."""
    document = _read(path)
    problems = [*_misspelt(environ), *_literal_password(document)]
    raw, overridden = _overridden(document, environ, problems)
    try:
        data = SettingsDocument().load(raw)
    except ma.ValidationError as error:
        for wrong in document.problems(error.messages):
            given = overridden.get(wrong.field)
            problems.append(Problem("environment", None, given, wrong.reason) if given else wrong)
        raise ConfigurationError(tuple(problems)) from None
    desks = [_desk(name, given, document, environ, problems) for name, given in data["desks"].items()]
    folder = _folder(document, data["policy"], path, problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return Settings(
        database=data["database"],
        policy_folders=(folder,) if folder is not None else (),
        server=ServerSettings(**data["server"]),
        engine=EngineSettings(**data["engine"]),
        hooks=HookSettings(**data["hooks"]),
        reading=ReadingSettings(**data["reading"]),
        links=LinkSettings(**data["links"]),
        api=ApiSettings(tokens=data["api"]["tokens"] or ()),
        evidence=EvidenceSettings(**data["evidence"]),
        retention=RetentionSettings(**data["retention"]),
        log=LogSettings(**data["log"]),
        desks=tuple(desk for desk in desks if desk is not None),
    )


def _read(path: Path | None) -> Document:
    if path is None:
        return Document(name="bridge.yaml", file="environment", text="", data={}, lines={})
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError((Problem(str(path), None, "", f"cannot be read: {error.strerror}"),)) from None
    document = parse("bridge.yaml", str(path), text)
    if isinstance(document, Problem):
        raise ConfigurationError((document,))
    if document.data is not None and not isinstance(document.data, dict):
        raise ConfigurationError((document.problem("", "must hold settings by name"),))
    return document


def _misspelt(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Names that are almost a setting's: whoever set them meant something."""
    known = [key for key, _section, _name in _names()]
    known += [f"{key}_FILE" for key in known]
    for given in sorted(environ):
        nearest = get_close_matches(given, known, n=1, cutoff=0.9) if given.startswith(PREFIX) and given not in known else []
        if nearest:
            yield Problem("environment", None, given, f"is no setting; {nearest[0]} is")


def _literal_password(document: Document) -> Iterator[Problem]:
    database = document.data.get("database") if document.data else None
    if isinstance(database, str) and _PASSWORD.search(database):
        yield document.problem(
            "database", "holds a password: give it by BRIDGE_DATABASE, or by the file BRIDGE_DATABASE_FILE names"
        )
    for section, name in (("links", "secret"), ("api", "tokens"), ("evidence", "signing_key")):
        given = document.data.get(section) if document.data else None
        if isinstance(given, dict) and given.get(name) is not None:
            key = f"{PREFIX}{section.upper()}_{name.upper()}"
            yield document.problem(f"{section}.{name}", f"is a secret: give it by {key}, or by the file {key}_FILE names")


def _overridden(document: Document, environ: Mapping[str, str], problems: list[Problem]) -> tuple[dict[str, Any], dict[str, str]]:
    """Lay the environment over the file; return the settings and, for those it gives, the variable's name."""
    raw: dict[str, Any] = dict(document.data or {})
    overridden = {}
    for key, section, name in _names():
        where = f"{section}.{name}" if section else name
        value = _from_environment(key, environ, document, where, problems)
        if value is None:
            continue
        overridden[where] = key
        if section is None:
            raw[name] = value
        elif isinstance(raw.get(section) or {}, dict):
            raw[section] = {**(raw.get(section) or {}), name: value}
    return raw, overridden


def _names() -> Iterator[tuple[str, str | None, str]]:
    yield from ((f"{PREFIX}{name.upper()}", None, name) for name in ("database", "policy"))
    for section, schema in SECTIONS.items():
        yield from ((f"{PREFIX}{section.upper()}_{name.upper()}", section, name) for name in schema().fields)


def _from_environment(
    key: str, environ: Mapping[str, str], document: Document, where: str, problems: list[Problem]
) -> str | None:
    if key in environ:
        return environ[key]
    file = environ.get(f"{key}_FILE")
    if file is None:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(document.problem(where, f"the file that {key}_FILE names cannot be read: {error.strerror}"))
        return None


def _desk(name: str, given: Any, document: Document, environ: Mapping[str, str], problems: list[Problem]) -> DeskSettings | None:
    where = f"desks.{name}"
    if not isinstance(given, dict) or not isinstance(given.get("product"), str):
        problems.append(document.problem(where, f"a desk names its product: {', '.join(sorted(products()))}"))
        return None
    try:
        schema = adapter_of(given["product"]).Settings()
    except LookupError as error:
        problems.append(document.problem(f"{where}.product", str(error.args[0])))
        return None
    before = len(problems)
    raw = {
        key: _resolved(value, f"{where}.{key}", document, environ, problems) for key, value in given.items() if key != "product"
    }
    for key, declared in schema.fields.items():
        if declared.metadata.get("secret") and _is_literal(given.get(key)):
            problems.append(
                document.problem(f"{where}.{key}", "is a secret: name the environment variable that holds it ({env: NAME})")
            )
    if len(problems) > before:
        return None
    try:
        checked = schema.load(raw)
    except ma.ValidationError as error:
        problems += document.problems(error.messages, where)
        return None
    return DeskSettings(id=DeskId(name), product=given["product"], adapter_settings=checked)


def _is_literal(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(item, str) for item in value))


def _resolved(value: Any, where: str, document: Document, environ: Mapping[str, str], problems: list[Problem]) -> Any:
    """Replace every ``{env: NAME}`` by what NAME, or the file that NAME_FILE names, holds."""
    if isinstance(value, list):
        return [_resolved(item, where, document, environ, problems) for item in value]
    if not isinstance(value, dict) or set(value) != {"env"}:
        return value
    found = _from_environment(str(value["env"]), environ, document, where, problems)
    if not found:
        problems.append(document.problem(where, f"neither {value['env']} nor {value['env']}_FILE is set"))
        return ""
    return found


def _folder(document: Document, given: str | None, path: Path | None, problems: list[Problem]) -> Path | None:
    """Resolve the site's policy folder, relative to the settings file."""
    if given is None:
        return None
    folder = (path.parent if path is not None else Path()) / given
    if not folder.is_dir():
        problems.append(document.problem("policy", f"{folder} is no folder"))
    return folder
