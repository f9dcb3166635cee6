"""``driftguard``: finds the subcommand, and turns whatever happened into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

import driftguard
from driftguard.cli.run import Exit, Run
from driftguard.cli.signals import Signals, leave, open_streams
from driftguard.cli.subcommands import Subcommands
from driftguard.errors import DriftGuardError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "check": "driftguard.cli.check",
        "completion": "driftguard.cli.completion",
        "demo": "driftguard.cli.demo",
        "exception": "driftguard.cli.exception",
        "explain": "driftguard.cli.explain",
        "iam-policy": "driftguard.cli.iam_policy",
        "policy": "driftguard.cli.policy",
        "scan": "driftguard.cli.scan",
        "schema": "driftguard.cli.schema",
        "types": "driftguard.cli.types",
    }
)
"""Each subcommand and the module whose ``command`` it is."""


@click.group(
    cls=Subcommands, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(driftguard.__version__, prog_name="driftguard")
def driftguard_command() -> None:
    """Watch live AWS resources against what Terraform declared.

    \b
    driftguard scan --state terraform.tfstate     what differs
    driftguard explain ADDRESS                    why, for one resource
    driftguard check PLAN.json                    what a plan would make worse
    driftguard demo                               see it work, without an account
    """  # noqa: D301  # click needs the character


def main() -> None:
    """Run the program and end the process."""
    open_streams()
    signals = Signals()
    signals.install()
    run = Run()
    try:
        code = run_arguments(sys.argv[1:], run)
    except KeyboardInterrupt:
        run.say("Stopped by a signal before the end; nothing was decided.")
        code = signals.exit_code
    leave(code)


def run_arguments(arguments: Sequence[str], run: Run | None = None) -> int:
    """Carry out a command line and return the exit code. Lets KeyboardInterrupt through."""
    run = run or Run()
    try:
        code = driftguard_command.main(
            [*arguments], prog_name="driftguard", standalone_mode=False, obj=run
        )
    except click.ClickException as error:
        return _wrong_usage(error, run)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except DriftGuardError as error:
        run.say(f"Error: {error}")
        _traceback(run)
        return int(error.exit_code)
    except BrokenPipeError:
        return int(Exit.UNKNOWN)
    except Exception as error:  # noqa: BLE001  # the last resort: a sentence, not a traceback
        return _unexpected(error, run)
    return code if isinstance(code, int) else int(Exit.CLEAN)


def _wrong_usage(error: click.ClickException, run: Run) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return int(Exit.USAGE)
    message = " ".join(error.format_message().split())
    message = message if message.endswith((".", "?", "!")) else f"{message}."
    where = context.command_path if context is not None else "driftguard"
    run.say(f"Error: {message}\nTry `{where} --help`.")
    return int(Exit.USAGE if isinstance(error, click.UsageError) else Exit.UNKNOWN)


def _unexpected(error: Exception, run: Run) -> int:
    """Say what can be said of a bug; the message may hold anything, so its type must do."""
    where = f"in {_module_of(error)}" if error.__traceback__ is not None else ""
    run.say(f"Error: DriftGuard failed unexpectedly: {type(error).__name__} {where}.")
    if not run.debug:
        run.say("This is a bug. Run it again with --debug and report what it prints.")
    _traceback(run)
    return int(Exit.UNKNOWN)


def _module_of(error: Exception) -> str:
    trace, module = error.__traceback__, "driftguard"
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        module = name if name.startswith("driftguard.") else module
        trace = trace.tb_next
    return module


def _traceback(run: Run) -> None:
    if run.debug:
        import traceback  # noqa: PLC0415  # for --debug alone

        run.say(traceback.format_exc())
