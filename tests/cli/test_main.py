from __future__ import annotations

import sys

import pytest

from driftguard.cli import main as main_module
from driftguard.cli.main import COMMANDS, run_arguments
from driftguard.cli.run import Run as State
from driftguard.errors import DeclaredError
from driftguard.redact import Redactor
from tests.cli.conftest import Run, process

_IMPORTED = """
import sys
from driftguard.cli.main import run_arguments
run_arguments({arguments!r})
heavy = {{"boto3", "botocore", "pydantic", "rich", "structlog", "yaml", "prometheus_client"}}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["scan", "--help"]])
def test_version_and_help_load_none_of_the_heavy_libraries(arguments: list[str]):
    import subprocess  # noqa: PLC0415  # here alone

    from tests.cli.conftest import environment  # noqa: PLC0415  # here alone

    ended = subprocess.run(
        [sys.executable, "-c", _IMPORTED.format(arguments=arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "[]" == ended.stderr.strip()


def test_the_version_is_told():
    ran = process("--version")
    assert (0, "driftguard, version 0.1.0\n") == (ran.code, ran.out)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_subcommand_has_help(run: Run, name: str):
    ran = run(name, "--help")
    assert 0 == ran.code
    assert f"Usage: driftguard {name}" in ran.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("scna",), "There is no subcommand 'scna'. Did you mean `scan`?"),
        (("zzz",), "There is no subcommand 'zzz'. There are check, completion, demo,"),
        (("scan", "--stat", "x"), "No such option '--stat'"),
        (("scan", "x"), "unexpected extra argument"),
        (("scan", "--state", "x", "--fail-on", "hihg"), "'hihg' is not one of 'info'"),
        (("scan", "--state", "x", "--deadline", "soon"), "expected seconds, above 0"),
        (("scan", "--state", "x", "--deadline", "nan"), "expected seconds, above 0"),
        (("scan", "--state", "x", "--external-id", "1"), "--external-id goes with --role-arn"),
        (("scan", "--state", "x", "--role-arn", "x"), "--role-arn: expected a role's ARN"),
        (("scan", "--state", "x", "--region", "eu_x"), "--region: expected a region's name"),
        (
            ("scan", "--state", "x", "--endpoint-url", "x"),
            "--endpoint-url: expected an address such as",
        ),
        (("explain",), "Missing argument 'ADDRESS'"),
        (("iam-policy",), "Say which policy: --read."),
        (
            ("iam-policy", "--read", "--type", "aws_securty_group"),
            "Did you mean aws_security_group?",
        ),
        (("types", "show", "aws_securty_group"), "Did you mean aws_security_group?"),
        (("schema", "x"), "'x' is not one of"),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_64(
    run: Run, arguments: tuple[str, ...], sentence: str
):
    ran = run(*arguments)
    assert 64 == ran.code
    assert sentence in ran.err
    assert "" == ran.out
    assert "Traceback" not in ran.err


def test_no_arguments_are_answered_with_help(run: Run):
    ran = run()
    assert 64 == ran.code
    assert "Usage: driftguard" in ran.err


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main_module.driftguard_command, "invoke", fail)


def test_an_error_is_one_sentence_without_a_traceback(monkeypatch: pytest.MonkeyPatch, run: Run):
    raising(monkeypatch, DeclaredError("It is not there.", hint="Look elsewhere."))
    ran = run("types")
    assert (2, "Error: It is not there. Look elsewhere.\n") == (ran.code, ran.err)


def test_a_bug_is_told_without_its_message_which_may_hold_anything(
    monkeypatch: pytest.MonkeyPatch, run: Run
):
    raising(monkeypatch, ValueError("hunter2secret"))
    ran = run("types")
    assert 2 == ran.code
    assert "DriftGuard failed unexpectedly: ValueError" in ran.err
    assert "--debug" in ran.err
    assert "hunter2secret" not in ran.err
    assert "Traceback" not in ran.err


def test_debug_shows_the_traceback_with_known_secrets_replaced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    redactor = Redactor()
    redactor.learn("hunter2secret")
    raising(monkeypatch, ValueError("about hunter2secret"))
    run_arguments(["types"], State(debug=True, redactor=redactor))
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "about (sensitive)" in told
    assert "hunter2secret" not in told


def test_an_error_has_no_power_over_the_terminal(monkeypatch: pytest.MonkeyPatch, run: Run):
    raising(monkeypatch, DeclaredError("no \x1b[2J file\u202e"))
    assert "Error: no \\x1b[2J file\\u202e\n" == run("types").err


def test_an_interrupt_is_left_to_whoever_knows_which_signal_it_was(
    monkeypatch: pytest.MonkeyPatch, run: Run
):
    raising(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run("types")
