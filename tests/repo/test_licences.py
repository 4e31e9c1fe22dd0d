"""docs/licences.md, and what may run at all."""

import pytest

from docs.write_licences import FILE, Forbidden, Package, contents, refuse_strict


class TestLicences:
    def test_are_up_to_date(self) -> None:
        """The list says what the locked requirements hold; `make licences` writes it anew."""
        assert FILE.read_text("utf-8") == contents()

    @pytest.mark.parametrize(
        "licence",
        ["GPL-3.0-only", "AGPL-3.0-or-later", "GNU General Public License v2 (GPLv2)", "GPLv3", "not declared"],
    )
    def test_refuse_a_strict_one(self, licence: str) -> None:
        """Nothing under the GPL, the AGPL or no licence runs in production."""
        with pytest.raises(Forbidden, match="strict"):
            refuse_strict([Package("strict", "1", licence)])

    @pytest.mark.parametrize(
        "licence", ["MIT", "LGPL-3.0-only", "GNU Lesser General Public License v3 (LGPLv3)", "MIT OR GPL-2.0-only"]
    )
    def test_let_others_pass(self, licence: str) -> None:
        """The LGPL is allowed for a library, and so is any licence that leaves a freer choice."""
        refuse_strict([Package("free", "1", licence)])
