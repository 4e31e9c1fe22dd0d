"""docs/pictures, and the demo they show: the real bot, tapped through in a browser."""

from pathlib import Path

import pytest

from docs.write_pictures import FOLDER, PICTURES, write_all
from tests.simulator.browser import BROWSER

pytestmark = BROWSER


class TestPictures:
    def test_are_all_there(self) -> None:
        """Each that can be played is in the folder, and none besides."""
        assert set(PICTURES) == names(FOLDER)

    @pytest.mark.long
    async def test_can_be_played_anew(self, tmp_path: Path) -> None:
        """Each is what somebody sees who taps through the demo, and the page is faultless meanwhile."""
        await write_all(tmp_path)

        assert names(tmp_path) == set(PICTURES) == names(FOLDER)


def names(folder: Path) -> set[str]:
    return {picture.stem for picture in folder.iterdir()}
