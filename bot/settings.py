"""Every setting, typed, with one line of help. Unsafe or impossible values are refused, naming the mend."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.session import sqlite_file, to_async_url
from db.storable import is_id

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
FREE_RATE = 30
"""Messages a second that Telegram carries for nothing."""
PAID_RATE = 1000


class BadSetting(Exception):
    """A setting that cannot be used; the message is one line: its name, what is wrong, the mend."""


class Settings(BaseSettings):
    """Read from the environment, then from `.env`; names have no prefix."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    BOT_TOKEN: SecretStr = Field(default=SecretStr(""), description="From BotFather; never logged. Required for `run`.")
    TELEGRAM_API_URL: str = Field(default="https://api.telegram.org", description="Where the Bot API answers.")
    DATABASE_URL: SecretStr = Field(
        default=SecretStr("sqlite+aiosqlite:///data/bot.db"),
        description="SQLite by default, or postgresql://user:password@host/name.",
    )
    RECEIVE: Literal["polling", "webhook"] = Field(
        default="polling",
        description="How updates come: `polling`, or `webhook` (needs PUBLIC_URL and WEBHOOK_SECRET).",
    )
    PUBLIC_URL: str = Field(default="", description="Where Telegram reaches us for the webhook: https, without a path.")
    WEBHOOK_SECRET: SecretStr = Field(
        default=SecretStr(""), description="1 to 256 of A-Z a-z 0-9 _ -; tells Telegram's calls from anybody else's."
    )
    HTTP_HOST: str = Field(
        default="127.0.0.1", description="Where /healthz and /readyz listen (the image sets 0.0.0.0)."
    )
    HTTP_PORT: int = Field(default=8080, ge=0, le=65535, description="Port of the same; 0 takes any free one.")
    ADMIN_IDS: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram ids of the first officers, comma separated."
    )
    STAFF_CHAT_ID: int | None = Field(default=None, description="The first officers' group.")
    DISTRICT_DIR: Path = Field(default=Path("districts/lamongan"), description="The folder of the district served.")
    TIMEZONE: str = Field(default="Asia/Jakarta", description="Of everything people see; storage is UTC.")
    SEND_RATE: float = Field(default=28, ge=0.1, le=PAID_RATE, description="Messages a second, all lanes together.")
    ALLOW_PAID_BROADCAST: bool = Field(default=False, description="Allows rates above 30, which cost Stars.")
    LOG_FORMAT: Literal["text", "json"] = Field(default="text", description="Lines for people, or JSON for machines.")
    LOG_LEVEL: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")
    METRICS_TOKEN: SecretStr = Field(
        default=SecretStr(""), description="Asked of who reads /metrics, as a bearer token; empty asks nothing."
    )
    HEARTBEAT_URL: SecretStr = Field(
        default=SecretStr(""), description="Called each minute while all is well; whoever misses it raises the alarm."
    )
    BACKUP_DIR: Path | None = Field(default=None, description="A folder for a backup each night; empty makes none.")
    BACKUP_KEEP: int = Field(default=14, ge=1, description="How many of the nightly backups are kept.")
    ERASED_LIST: Path = Field(
        default=Path("data/erased.txt"),
        description="A file that outlives the database: who was erased, so that no backup brings them back.",
    )

    @field_validator("BOT_TOKEN")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is no token: copy it whole from BotFather, it looks like 123456:ABC-DEF")
        return value

    @field_validator("TELEGRAM_API_URL")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", value):
            raise ValueError("is no address: write https://api.telegram.org or your own server's")
        return value.rstrip("/")

    @field_validator("DATABASE_URL")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        try:
            driver = to_async_url(value.get_secret_value()).drivername
        except Exception as error:
            raise ValueError(
                "is no database address: write sqlite+aiosqlite:///data/bot.db or postgresql://…"
            ) from error
        if driver not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
            raise ValueError(f"names {driver}: use sqlite+aiosqlite:///… or postgresql+asyncpg://…")
        if driver == "sqlite+aiosqlite" and sqlite_file(to_async_url(value.get_secret_value())) is None:
            raise ValueError("names no file, and what is in memory is lost: write sqlite+aiosqlite:///data/bot.db")
        return value

    @field_validator("METRICS_TOKEN")
    @classmethod
    def _bearer(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[!-~]*", value.get_secret_value()):
            raise ValueError("must be letters, digits and signs without spaces: take `openssl rand -hex 32`")
        return value

    @field_validator("HEARTBEAT_URL")
    @classmethod
    def _heartbeat(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value.get_secret_value()):
            raise ValueError("is no address: write it with https:// or http://")
        return value

    @field_validator("ADMIN_IDS", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if any(not part.isascii() or not part.isdigit() for part in parts):
            raise ValueError("must be numbers with commas between, as in 12345,67890")
        numbers = tuple(int(part) for part in parts)
        if not all(is_id(number) for number in numbers):
            raise ValueError("holds a number too large for a Telegram id: write them as in 12345,67890")
        return numbers

    @field_validator("TIMEZONE")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is no time zone: write Asia/Jakarta, Asia/Makassar or Asia/Jayapura") from error
        return value

    @field_validator("DISTRICT_DIR")
    @classmethod
    def _district(cls, value: Path) -> Path:
        if not (value / "district.toml").is_file():
            raise ValueError(f"holds no district.toml ({value}): name a folder such as districts/lamongan")
        return value

    @model_validator(mode="after")
    def _rate(self) -> "Settings":
        if self.SEND_RATE > FREE_RATE and not self.ALLOW_PAID_BROADCAST:
            raise ValueError("SEND_RATE is above 30: lower it to 28, or set ALLOW_PAID_BROADCAST=yes (it costs Stars)")
        return self

    @model_validator(mode="after")
    def _webhook(self) -> "Settings":
        if self.RECEIVE == "webhook":
            if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", self.PUBLIC_URL):
                raise ValueError("PUBLIC_URL is needed for RECEIVE=webhook: write https://bot.example.id")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", self.WEBHOOK_SECRET.get_secret_value()):
                raise ValueError("WEBHOOK_SECRET is needed for RECEIVE=webhook: 1 to 256 letters, digits, _ and -")
        return self

    @property
    def database_url(self) -> str:
        return self.DATABASE_URL.get_secret_value()

    @property
    def heartbeat_url(self) -> str:
        return self.HEARTBEAT_URL.get_secret_value()

    @property
    def token(self) -> str:
        return self.BOT_TOKEN.get_secret_value()

    def require_token(self) -> None:
        """Raises BadSetting when there is no token, which `run` cannot do without."""
        if not self.token:
            raise BadSetting("BOT_TOKEN is missing: get one from BotFather, then run `python -m bot init`")


def read_settings(**given: Any) -> Settings:
    """The settings, *given* ones before environment and `.env`. Raises BadSetting, one line for the first fault."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSetting(_one_line(error)) from error
    except UnicodeDecodeError as error:
        raise BadSetting(".env is not UTF-8 text: save it as UTF-8") from error


def _one_line(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name, message = ".".join(str(part) for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")
    if fault["type"] in {"literal_error", "int_parsing", "bool_parsing", "float_parsing"} or name:
        return f"{name} {message}" if message.startswith(("is ", "names ", "must ", "holds ")) else f"{name}: {message}"
    return message
