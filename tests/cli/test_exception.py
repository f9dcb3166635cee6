from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from driftguard.cli import edited_file
from driftguard.cli.edited_file import edit_file
from driftguard.cli.exception_job import ExceptionJob
from driftguard.errors import DriftGuardError
from driftguard.policy.exception_load import load_exceptions, read_exception_file
from tests.cli.conftest import Ran, Run
from tests.live.clocks import FakeClock
from tests.policy.test_exception_text import WHOLE, one

VALUES = {
    "--rule": "DG-AWS-SG-001",
    "--address": 'module.app.aws_security_group.web["*"]',
    "--reason": "the vendor's bastion",
    "--ticket": "NET-7",
    "--owner": "network",
    "--approver": "security",
    "--expires": "2999-12-31",
}
OLD = one("OLD").replace("2026-12-31", "2020-12-31")
LATER = one("LATER").replace("2026-12-31", "2999-12-31")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def options(**changes: str | None) -> list[str]:
    values = {**VALUES, **{f"--{name}": value for name, value in changes.items()}}
    return [part for name, value in values.items() if value is not None for part in (name, value)]


def write(text: str, name: str = "exceptions.yaml") -> Path:
    Path(name).write_text(text, encoding="utf-8", newline="")
    return Path(name)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def refused(ran: Ran, code: int) -> str:
    """Prove that it was told in one sentence, and return that."""
    assert (code, "") == (ran.code, ran.out), ran.err
    lines = [line for line in ran.err.splitlines() if not line.startswith("Try `")]
    assert 1 == len(lines), ran.err
    assert lines[0].startswith("Error: ")
    return lines[0].removeprefix("Error: ")


def test_the_first_exception_makes_the_file(run: Run, folder: Path):
    ran = run("exception", "add", *options())

    assert (0, "") == (ran.code, ran.err)
    assert "Added EXC-0001 to exceptions.yaml; it expires on 2999-12-31.\n" == ran.out
    (made,) = load_exceptions(folder / "exceptions.yaml").all
    assert (frozenset({"DG-AWS-SG-001"}), "the vendor's bastion") == (made.rules, made.reason)
    assert 'module.app.aws_security_group.web["*"]' == made.address.text
    assert ["exceptions.yaml"] == names_in(folder)


def test_the_next_one_has_the_next_number_and_the_rest_stays(run: Run, folder: Path):
    write(WHOLE.replace("id: B", "id: EXC-0041"))
    more = ("--rule", "DG-AWS-SG-002", "--account", "111122223333", "--region", "global")
    ran = run("exception", "add", *options(), *more)

    assert 0 == ran.code, ran.err
    text = Path("exceptions.yaml").read_text(encoding="utf-8")
    assert text.startswith(WHOLE.replace("id: B", "id: EXC-0041"))
    made = load_exceptions(folder / "exceptions.yaml").all[-1]
    assert ("EXC-0042", "111122223333", "global") == (made.id, made.account, made.region)
    assert frozenset({"DG-AWS-SG-001", "DG-AWS-SG-002"}) == made.rules


def test_days_from_now_are_a_date(folder: Path):
    clock = FakeClock()
    job = ExceptionJob(file=folder / "exceptions.yaml", clock=clock)
    values = {name.removeprefix("--"): value for name, value in VALUES.items()}

    job.add({**values, "rules": ("DG-AWS-SG-001",), "expires": "30d"})

    (made,) = load_exceptions(job.file).all
    assert made.end is not None
    assert 30 == (made.end.date() - clock.now().date()).days


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expires": "tomorrow"}, "--expires: expected a date such as 2026-12-31, or 30d."),
        ({"expires": "2026-02-30"}, "--expires: expected a date such as 2026-12-31, or 30d."),
        ({"expires": "2020-12-31"}, "--expires: 2020-12-31 has passed."),
        ({"rule": "ssh"}, "--rule: expected text of the form"),
        ({"address": "*"}, "--address: expected an address such as"),
        ({"account": "12"}, "--account: expected an account id of twelve digits"),
        ({"region": "here"}, "--region: expected a region's name"),
        ({"reason": ""}, "--reason: expected text of at least 1 character"),
        ({"reason": "  "}, "--reason: expected text of at least 1 character"),
        ({"reason": "a\x1b[2J"}, "--reason holds a character that can't be shown."),
        ({"owner": "o" * 201}, "--owner: expected text of at most 200 characters"),
        ({"id": "a b"}, "--id: expected text of the form"),
        ({"id": "A"}, "--id: exceptions.yaml has an exception A already."),
        ({"ticket": None}, "Missing option '--ticket'."),
    ],
)
def test_what_cannot_be_an_exception_is_refused_and_nothing_is_written(
    run: Run, changes: dict[str, str | None], sentence: str
):
    path = write(WHOLE)
    ran = run("exception", "add", *options(**changes))
    assert refused(ran, 64).startswith(sentence)
    assert WHOLE == path.read_text(encoding="utf-8")


def test_the_file_is_the_one_that_the_configuration_names(run: Run, folder: Path):
    (folder / "conf").mkdir()
    write("version: 1\npolicy: {exceptions: accepted.yaml}\n", "conf/driftguard.yaml")

    assert 0 == run("exception", "add", *options(), "--config", "conf/driftguard.yaml").code

    assert (folder / "conf" / "accepted.yaml").exists()
    assert "EXC-0001" in run("exception", "list", "--config", "conf/driftguard.yaml").out


def test_the_configuration_beside_us_counts_where_no_file_is_named(run: Run):
    write("version: 1\npolicy: {exceptions: accepted.yaml}\n", "driftguard.yaml")
    write(f"exceptions:\n{LATER}", "accepted.yaml")
    write(f"exceptions:\n{OLD}")

    assert "LATER" in run("exception", "list").out
    assert "OLD" in run("exception", "list", "--file", "exceptions.yaml").out


def test_the_list_tells_every_exception_and_its_state(run: Run):
    write(f"exceptions:\n{OLD}{LATER}{LATER.replace('LATER', 'BAD').replace('2999-12-31', 'x')}")
    ran = run("exception", "list")

    assert (0, "") == (ran.code, ran.err)
    assert "OLD  expired, until 2020-12-31\n" in ran.out
    assert "LATER  active, until 2999-12-31\n" in ran.out
    assert "BAD has a date that can't be read, which counts as expired" in ran.out
    assert ran.out.endswith("3 exceptions: 1 active, 2 expired.\n")


def test_the_list_as_json_and_by_state(run: Run):
    write(f"exceptions:\n{OLD}{LATER}")
    told = json.loads(run("exception", "list", "--format", "json", "--state", "expired").out)

    assert [("OLD", "expired", 2)] == [
        (each["id"], each["state"], each["line"]) for each in told["exceptions"]
    ]
    assert ["DG-AWS-SG-001"] == told["exceptions"][0]["rules"]
    assert None is told["exceptions"][0]["account"]


def test_the_list_has_no_power_over_a_terminal(run: Run):
    write(f"exceptions:\n{LATER}".replace("reason: why", 'reason: "a\\e[2Jb\\nc"'))
    ran = run("exception", "list")
    assert "a\\x1b[2Jb\\nc" in ran.out


def test_no_exceptions_are_told_as_none(run: Run):
    write("exceptions: []\n")
    assert "0 exceptions.\n" == run("exception", "list").out


def test_expired_exceptions_are_pruned_and_comments_kept(run: Run):
    text = f"# ours\nexceptions:\n  # old\n{OLD}  # later\n{LATER}"
    path = write(text)

    dry = run("exception", "prune", "--dry-run")
    assert text == path.read_text(encoding="utf-8")
    ran = run("exception", "prune")

    expected = "out of exceptions.yaml: it expired on 2020-12-31.\n1 expired exception.\n"
    assert f"Would take OLD {expected}" == dry.out
    assert f"Took OLD {expected}" == ran.out
    assert f"# ours\nexceptions:\n  # later\n{LATER}" == path.read_text(encoding="utf-8")
    assert "0 expired exceptions.\n" == run("exception", "prune").out


def test_nothing_to_prune_leaves_the_file_alone(run: Run):
    path = write(f"exceptions:\n{LATER}")
    before = path.stat()
    assert 0 == run("exception", "prune").code
    assert (before.st_ino, before.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)


def test_a_byte_order_mark_stays(run: Run):
    path = write(f"\ufeffexceptions:\n{OLD}{LATER}")
    assert 0 == run("exception", "prune").code
    assert f"\ufeffexceptions:\n{LATER}" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["list", "prune"])
def test_a_file_that_is_not_there_is_told(run: Run, command: str):
    sentence = refused(run("exception", command), 2)
    assert "There is no file of exceptions exceptions.yaml." == sentence
    assert not Path("exceptions.yaml").exists()


@pytest.mark.parametrize("arguments", [("list",), ("prune",), ("add", *options())])
def test_a_broken_file_is_told_with_its_line_and_left_alone(run: Run, arguments: tuple[str, ...]):
    path = write(f"exceptions:\n{LATER.replace('owner', 'onwer')}")
    before = path.read_bytes()
    ran = run("exception", *arguments)
    assert (2, "") == (ran.code, ran.out)
    assert "exceptions.yaml:7: unknown key `onwer`" in ran.err
    assert before == path.read_bytes()


@pytest.mark.parametrize("arguments", [("prune",), ("add", *options())])
def test_a_symbolic_link_is_not_replaced(run: Run, folder: Path, arguments: tuple[str, ...]):
    path = write(f"exceptions:\n{OLD}", "real.yaml")
    Path("exceptions.yaml").symlink_to(path)
    sentence = refused(run("exception", *arguments), 2)
    assert "exceptions.yaml is a symbolic link" in sentence
    assert str(folder / "real.yaml") in sentence
    assert Path("exceptions.yaml").is_symlink()
    assert f"exceptions:\n{OLD}" == path.read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_is_told(run: Run):
    Path("exceptions.yaml").symlink_to("nowhere.yaml")
    assert "symbolic link" in refused(run("exception", "add", *options()), 2)
    assert not Path("nowhere.yaml").exists()


@pytest.mark.parametrize("arguments", [("prune",), ("add", *options())])
def test_a_read_only_file_stays_as_it_is(run: Run, arguments: tuple[str, ...]):
    path = write(f"exceptions:\n{OLD}")
    path.chmod(0o444)
    assert "exceptions.yaml is read-only" in refused(run("exception", *arguments), 2)
    assert f"exceptions:\n{OLD}" == path.read_text(encoding="utf-8")


def test_mode_and_name_stay(run: Run):
    path = write(f"exceptions:\n{OLD}")
    path.chmod(0o640)
    assert 0 == run("exception", "prune").code
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)


def test_there_is_no_folder(run: Run):
    ran = run("exception", "add", *options(), "--file", "nowhere/e.yaml")
    assert "There is no folder nowhere for e.yaml." == refused(ran, 2)


@pytest.mark.parametrize("name", ["", " ", "a\0b"])
def test_a_name_that_is_none_is_told(run: Run, name: str):
    assert "--file is given, but is no name of a file." == refused(
        run("exception", "list", "--file", name), 64
    )


def test_a_name_that_is_too_long_is_told(run: Run):
    name = "x" * 300
    assert "File name too long" in refused(run("exception", "add", *options(), "--file", name), 2)
    assert "File name too long" in refused(run("exception", "list", "--file", name), 2)


def test_a_folder_is_no_file(run: Run, folder: Path):
    (folder / "exceptions.yaml").mkdir()
    assert "is a folder" in refused(run("exception", "add", *options()), 2)
    assert "is a folder" in refused(run("exception", "list"), 2)


def test_a_pipe_that_nobody_writes_to_is_no_file(run: Run):
    os.mkfifo("exceptions.yaml")
    assert "is not a regular file" in refused(run("exception", "list"), 2)
    assert "is not a regular file" in refused(run("exception", "prune"), 2)


def test_while_another_run_edits_nothing_is_changed(run: Run, folder: Path):
    path = write(f"exceptions:\n{OLD}")
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        sentence = refused(run("exception", "prune"), 2)
    finally:
        os.close(lock)
    assert "Another run of DriftGuard is editing exceptions.yaml" in sentence
    assert f"exceptions:\n{OLD}" == path.read_text(encoding="utf-8")
    assert 0 == run("exception", "prune").code


def test_what_somebody_saves_meanwhile_is_not_overwritten(folder: Path):
    path = write(f"exceptions:\n{OLD}")

    def edit(data: bytes) -> bytes:
        path.write_bytes(data + b"# saved by an editor\n")
        return b"exceptions: []\n"

    with pytest.raises(DriftGuardError, match="was changed by somebody else meanwhile"):
        edit_file(path, edit, read=read_exception_file)
    assert f"exceptions:\n{OLD}# saved by an editor\n" == path.read_text(encoding="utf-8")
    assert ["exceptions.yaml"] == names_in(folder)


@pytest.mark.parametrize("broken", ["fsync", "fchmod"])
def test_a_full_disk_leaves_the_file_whole(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
):
    path = write(f"exceptions:\n{OLD}")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(edited_file.os, broken, full)
    sentence = refused(run("exception", "prune"), 2)
    monkeypatch.undo()
    assert "exceptions.yaml can't be written: No space left on device" in sentence
    assert f"exceptions:\n{OLD}" == (folder / path).read_text(encoding="utf-8")
    assert ["exceptions.yaml"] == names_in(folder)


def test_many_at_once_lose_nothing(folder: Path):
    """Each either adds its exception or says why not; the file is whole at every moment."""
    command = [sys.executable, "-m", "driftguard", "exception", "add", *options()]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    runs = [
        subprocess.Popen([*command, "--id", f"E{number}"], env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(4)
    ]  # fmt: skip
    for each in runs:
        each.communicate(timeout=60)
    added = {f"E{number}" for number, each in enumerate(runs) if each.returncode == 0}
    assert {0, 2} >= {each.returncode for each in runs}
    assert added
    assert added == {one.id for one in load_exceptions(folder / "exceptions.yaml").all}


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from driftguard.cli.main import run_arguments;"
        "run_arguments(['exception', 'add', '--help']);"
        "print([one for one in ('boto3', 'pydantic', 'rich', 'yaml') if one in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    assert "[]" == ended.stdout.splitlines()[-1]
