"""Wrong settings are refused in one line that names the setting and the mend."""

import pytest

from bot.settings import BadSetting, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Patched because a developer's own environment and .env must not decide a test."""
    for name in ("BOT_TOKEN", "DATABASE_URL", "ADMIN_IDS", "SEND_RATE", "DISTRICT_DIR", "TIMEZONE"):
        monkeypatch.delenv(name, raising=False)


class TestReadSettings:
    def test_defaults_do(self) -> None:
        """Without any setting everything has a safe value."""
        settings = read_settings(_env_file=None)

        assert (settings.SEND_RATE, settings.TIMEZONE, settings.HTTP_HOST) == (28, "Asia/Jakarta", "127.0.0.1")

    @pytest.mark.parametrize(
        ("name", "value", "mend"),
        [
            ("BOT_TOKEN", "hello", "BotFather"),
            ("TELEGRAM_API_URL", "api.telegram.org", "https://api.telegram.org"),
            ("DATABASE_URL", "mysql://root@localhost/x", "sqlite+aiosqlite"),
            ("DATABASE_URL", "nonsense", "sqlite+aiosqlite"),
            ("DATABASE_URL", "sqlite://", "data/bot.db"),
            ("DATABASE_URL", "sqlite:///:memory:", "data/bot.db"),
            ("RECEIVE", "pigeon", "polling"),
            ("HTTP_PORT", "99999", "65535"),
            ("HTTP_PORT", "http", "integer"),
            ("ADMIN_IDS", "12,Budi", "12345,67890"),
            ("ADMIN_IDS", "9" * 23, "12345,67890"),
            ("STAFF_CHAT_ID", "x", "integer"),
            ("DISTRICT_DIR", "districts/nowhere", "districts/lamongan"),
            ("TIMEZONE", "Asia/Lamongan", "Asia/Jakarta"),
            ("SEND_RATE", "0", "greater than or equal to 0.1"),
            ("SEND_RATE", "0.00001", "0.1"),
            ("SEND_RATE", "31", "ALLOW_PAID_BROADCAST"),
            ("SEND_RATE", "5000", "1000"),
            ("ALLOW_PAID_BROADCAST", "perhaps", "boolean"),
            ("METRICS_TOKEN", "two words", "without spaces"),
            ("HEARTBEAT_URL", "ftp://example.org/ping", "https://"),
            ("HEARTBEAT_URL", "example.org", "https://"),
            ("LOG_FORMAT", "xml", "text"),
            ("LOG_LEVEL", "loud", "info"),
        ],
    )
    def test_names_the_setting_and_the_mend(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str
    ) -> None:
        """A value that cannot be used is refused in one line with its name and what to write instead."""
        monkeypatch.setenv(name, value)  # settings come by the environment, so that is how they are tried

        with pytest.raises(BadSetting) as refused:
            read_settings(_env_file=None)

        message = str(refused.value)
        assert name in message
        assert mend in message
        assert "\n" not in message

    def test_never_shows_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither the token nor the database's password stands in what settings print."""
        monkeypatch.setenv("BOT_TOKEN", "123456:verysecretverysecret")
        monkeypatch.setenv("DATABASE_URL", "postgresql://bot:verysecret@localhost/umkm")

        assert "verysecret" not in repr(read_settings(_env_file=None))

    def test_several_admins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """ADMIN_IDS takes numbers with commas and spaces between."""
        monkeypatch.setenv("ADMIN_IDS", "12, 34,")

        assert read_settings(_env_file=None).ADMIN_IDS == (12, 34)

    def test_plain_postgresql_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """postgresql:// means the driver we have."""
        monkeypatch.setenv("DATABASE_URL", "postgresql://bot@localhost/umkm")

        assert read_settings(_env_file=None).database_url == "postgresql://bot@localhost/umkm"
