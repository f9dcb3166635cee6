"""``driftguard completion SHELL``: what a shell has to run to complete our command lines."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the script that makes a SHELL complete subcommands, options and files on TAB.

    \b
    bash   echo 'eval "$(driftguard completion bash)"' >> ~/.bashrc
    zsh    echo 'eval "$(driftguard completion zsh)"' >> ~/.zshrc
    fish   driftguard completion fish > ~/.config/fish/completions/driftguard.fish
    """  # noqa: D301  # click needs the character
    # Late: --version must start at once.
    from click.shell_completion import ShellComplete, get_completion_class  # noqa: PLC0415

    from driftguard.cli.main import driftguard_command  # noqa: PLC0415  # which finds us
    from driftguard.cli.output import write_stdout  # noqa: PLC0415

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    complete = made(driftguard_command, {}, "driftguard", "_DRIFTGUARD_COMPLETE")
    # Not made.source(): for bash that runs whatever `bash` is found to ask its version.
    write_stdout(ShellComplete.source(complete))
    return 0
