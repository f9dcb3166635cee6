from __future__ import annotations

from driftguard.cli.explain import command as explain
from driftguard.cli.scan import command as scan
from driftguard.cli.variables import known_variables, unknown_variables

KNOWN = known_variables((scan, explain))


def test_every_option_but_help_has_a_variable_of_its_name():
    for option in scan.params:
        name = option.opts[0].removeprefix("--").replace("-", "_").upper()
        assert name == "HELP" or f"DRIFTGUARD_{name}" == option.envvar


def test_a_misspelt_variable_is_told_with_the_right_one():
    told = list(unknown_variables(["DRIFTGUARD_STAET", "PATH", "DRIFTGUARD_STATE"], KNOWN))
    expected = "the variable DRIFTGUARD_STAET means nothing to DriftGuard."
    assert [f"Warning: {expected} Did you mean DRIFTGUARD_STATE?"] == told


def test_a_variable_like_no_other_is_told_without_a_guess():
    told = list(unknown_variables(["DRIFTGUARD_XYZZY"], KNOWN))
    assert ["Warning: the variable DRIFTGUARD_XYZZY means nothing to DriftGuard."] == told


def test_the_variable_of_the_tests_is_known():
    assert [] == list(unknown_variables(["DRIFTGUARD_CORPUS"], KNOWN))
