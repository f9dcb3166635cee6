"""``driftguard iam-policy --read``: the least IAM policy that a scan needs."""

from __future__ import annotations

import click


@click.command("iam-policy", short_help="Print the IAM policy that a scan needs.")
@click.option("--read", is_flag=True, help="The policy for reading; there is no other yet.")
@click.option(
    "--type",
    "types",
    metavar="NAME",
    multiple=True,
    help="For these resource types alone; * and ? are special.",
)
def command(*, read: bool, types: tuple[str, ...]) -> int:
    """Print the least IAM policy, as JSON, to attach to the role that scans.

    Reading a state from S3 needs s3:GetObject on it too, and kms:Decrypt where
    it is encrypted with a key of yours.
    """
    # Late: the tables of all types.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_document import read_policy  # noqa: PLC0415

    if not read:
        raise click.UsageError("Say which policy: --read.")
    write_stdout(read_policy(types))
    return 0
