"""Small inputs that once failed, each the smallest package that shows a fault of ``ycd format``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import RunYcd

FAULTS = Path(__file__).parent / "faults"


@pytest.fixture
def fault(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the fault that the test names."""
    return Path(shutil.copytree(FAULTS / request.param, tmp_path / request.param))


@pytest.mark.parametrize("fault", ["intkey"], indirect=True)
def test_a_key_that_is_no_number_is_sorted_as_text(ycd: RunYcd, fault: Path) -> None:
    assert ycd("format", fault).code == 0
    assert (fault / "t.csv").read_text("utf-8") == "a,b\n3,y\n--5,x\n"
    assert "--5" in ycd("validate", fault).out


@pytest.mark.parametrize("fault", ["csvddf"], indirect=True)
def test_a_table_with_its_own_delimiter_is_formatted_and_not_passed_over(
    ycd: RunYcd, fault: Path
) -> None:
    (fault / "t.csv").write_text("id;name\n2;y\n1;x\n", "utf-8")
    assert ycd("format", fault, "--check").code == 1
    assert ycd("format", fault).out == "wrote t.csv\n1 file changed\n"
    assert (fault / "t.csv").read_text("utf-8") == "id;name\n1;x\n2;y\n"


@pytest.mark.parametrize("fault", ["unclosed2"], indirect=True)
def test_a_quote_that_swallows_rows_is_not_made_permanent(ycd: RunYcd, fault: Path) -> None:
    before = (fault / "t.csv").read_bytes()
    result = ycd("format", fault)
    assert result.code == 2
    assert "line 2" in result.err
    assert (fault / "t.csv").read_bytes() == before
