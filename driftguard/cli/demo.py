"""``driftguard demo``: a small company on a fake AWS, and somebody who works by hand."""

from __future__ import annotations

import click

from driftguard.cli.run import Run


@click.command("demo", short_help="See it work, without an account.")
@click.option("--keep", is_flag=True, help="Leave the fake AWS running until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="The port it listens on. Default: any free one.",
)
@click.pass_obj
def command(run: Run, *, keep: bool, port: int) -> int:
    """See it work, without an account: clean, an afternoon by hand, and what a scan says."""
    # Late: moto and boto3 take seconds.
    from driftguard.errors import DriftGuardError  # noqa: PLC0415

    try:
        from driftguard.demo.story import run_demo  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = f"The demo needs the package {error.name}."
        raise DriftGuardError(message, hint="Install driftguard[demo].") from error
    run_demo(click.echo, keep=keep, port=port)
    return 0
