"""Settings, and the two places that explain them."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.repo.tree import read


def default_of(name: str) -> str:
    """The default as one writes it in `.env`."""
    match Settings.model_fields[name].default:
        case SecretStr() as secret:
            return secret.get_secret_value()
        case bool() as flag:
            return "yes" if flag else "no"
        case None | ():
            return ""
        case float() as number:
            return f"{number:g}"
        case Path() | str() | int() as plain:
            return str(plain)
        case other:
            raise AssertionError(f"no idea how {other!r} is written in .env")


@pytest.mark.parametrize("name", Settings.model_fields)
class TestSettings:
    def test_is_in_the_readme(self, name: str) -> None:
        """The README's table has every setting with its default and what it means."""
        row = re.search(rf"^\| `{name}` \| (.*?) \| (.+) \|$", read("README.md"), re.MULTILINE)

        assert row
        assert row[1] == (f"`{default_of(name)}`" if default_of(name) else "")
        assert row[2].strip()

    def test_is_in_the_example(self, name: str) -> None:
        """`.env.example` has every setting commented out at its default, its line of help above."""
        assert f"# {Settings.model_fields[name].description}\n# {name}={default_of(name)}\n" in read(".env.example")


class TestDocuments:
    def test_explain_no_setting_that_is_gone(self) -> None:
        """Neither README nor `.env.example` promises a setting that nobody reads."""
        example = re.findall(r"^#? ?([A-Z_]+)=", read(".env.example"), re.MULTILINE)
        readme = re.findall(r"^\| `([A-Z_]+)` \|", read("README.md"), re.MULTILINE)

        assert example == list(Settings.model_fields)
        assert readme == list(Settings.model_fields)
