"""The safe runner, over fake binaries that misbehave and over the real terraform."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from driftguard.clock import SystemClock
from driftguard.errors import TerraformError
from driftguard.terraform.process import Limits
from driftguard.terraform.runner import SafeTerraform, environment, find_binary

CANARY = "cAnary-7Zq!hunter/2"
QUICK = Limits(timeout=5, first_grace=0.4, second_grace=0.4, max_output=100_000)


@pytest.fixture
def fake(tmp_path):
    """Make a terraform out of a shell script."""

    def make(script, limits=QUICK, env=None):
        binary = tmp_path / "bin" / "terraform"
        binary.parent.mkdir(exist_ok=True)
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        return SafeTerraform(
            folder,
            binary=str(binary),
            env=environment({"PATH": os.environ["PATH"], **(env or {})}),
            limits=limits,
            clock=SystemClock(),
        )

    return make


def pid_in(pid_file):
    """Wait for a process to say its id."""
    for _ in range(200):
        if pid_file.exists() and pid_file.read_text().strip():
            return int(pid_file.read_text())
        time.sleep(0.05)  # noqa: TID251  # a real process takes its own time
    raise AssertionError(f"{pid_file.name} was never written")


def is_running(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def is_gone(pid):
    """Tell whether a process ends within a moment: a kill takes effect on its own time."""
    for _ in range(60):
        if not is_running(pid):
            return True
        time.sleep(0.05)  # noqa: TID251  # a real process takes its own time
    return False


def test_output_comes_back_as_python_terraform_gives_it(fake):
    assert fake('printf "%s" "$1 $2"; echo oops >&2').cmd("state pull") == (
        0,
        "state pull",
        "oops\n",
    )


@pytest.mark.parametrize("command", ["destroy", "apply", "state rm", "init", "force-unlock", ""])
def test_only_what_is_allowed_is_run(fake, tmp_path, command):
    terraform = fake(f"touch {tmp_path}/ran")
    with pytest.raises(TerraformError, match="does not run"):
        terraform.cmd(command)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("method", ["destroy", "apply", "plan", "init"])
def test_the_base_classes_methods_are_refused_too(fake, method):
    with pytest.raises(TerraformError, match="does not run"):
        getattr(fake("exit 0"), method)()


def test_no_attribute_becomes_a_command(fake):
    with pytest.raises(AttributeError):
        fake("exit 0").destroy_cmd()
    assert not hasattr(fake("exit 0"), "import_cmd")


def test_variables_never_reach_a_temporary_file(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with pytest.raises(TerraformError, match="temporary"):
        fake("exit 0").cmd("state pull", var={"secret": CANARY})
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_environment_holds_what_is_needed_and_no_more():
    ambient = {
        "PATH": "/bin", "HOME": "/nowhere", "TF_WORKSPACE": "blue", "TF_LOG": "trace",
        "TF_CLI_ARGS_state": "-x", "AWS_PROFILE": "ambient", "DATABASE_URL": CANARY,
    }  # fmt: skip
    made = environment(ambient)
    assert made["TF_WORKSPACE"] == "blue"
    assert made["AWS_PROFILE"] == "ambient"
    assert {"TF_LOG", "TF_CLI_ARGS_state", "DATABASE_URL"}.isdisjoint(made)
    fixed = ("TF_IN_AUTOMATION", "TF_INPUT", "CHECKPOINT_DISABLE", "TF_CLI_CONFIG_FILE")
    assert [made[name] for name in fixed] == ["1", "0", "1", os.devnull]


def test_a_stacks_credentials_replace_all_ambient_ones():
    ambient = {"AWS_PROFILE": "ambient", "AWS_SECRET_ACCESS_KEY": "a", "PATH": "/bin"}
    made = environment(ambient, {"AWS_ACCESS_KEY_ID": "stack"})
    assert {k: v for k, v in made.items() if k.startswith("AWS_")} == {"AWS_ACCESS_KEY_ID": "stack"}


def test_nothing_can_be_asked_of_a_person(fake):
    assert fake("cat; echo done").cmd("state pull")[1] == "done\n"


def test_a_hanging_command_is_stopped_on_time(fake):
    terraform = fake("sleep 60", Limits(timeout=0.3, first_grace=0.3, second_grace=0.3))
    before = time.perf_counter()
    with pytest.raises(TerraformError, match=r"did not finish within 0.3 s"):
        terraform.cmd("state pull")
    assert time.perf_counter() - before < 3


def test_the_first_interrupt_lets_it_finish_its_work(fake, tmp_path):
    terraform = fake(
        f"trap 'echo released > {tmp_path}/lock; exit 1' INT; while :; do sleep 0.05; done",
        Limits(timeout=0.5, first_grace=5, second_grace=5),
    )
    with pytest.raises(TerraformError, match="did not finish"):
        terraform.cmd("state pull")
    assert (tmp_path / "lock").read_text() == "released\n"


def test_a_command_deaf_to_interrupts_is_killed_after_two(fake, tmp_path):
    terraform = fake(
        f"trap 'echo int >> {tmp_path}/signals' INT; while :; do sleep 0.05; done",
        Limits(timeout=0.5, first_grace=0.5, second_grace=0.5),
    )
    with pytest.raises(TerraformError, match="did not finish"):
        terraform.cmd("state pull")
    assert (tmp_path / "signals").read_text() == "int\nint\n"


@pytest.mark.parametrize("end", ["exit 0", "sleep 60"])
def test_what_it_started_does_not_outlive_it(fake, tmp_path, end):
    script = f"sleep 300 & echo $! > {tmp_path}/child; nohup sleep 300 >/dev/null 2>&1 & {end}"
    terraform = fake(script, Limits(timeout=0.5, first_grace=0.2, second_grace=0.2))
    try:
        terraform.cmd("state pull")
    except TerraformError:
        assert end != "exit 0"
    assert is_gone(pid_in(tmp_path / "child"))


def test_a_child_in_a_session_of_its_own_does_not_keep_us_waiting(fake, tmp_path):
    if shutil.which("setsid") is None:
        pytest.skip("setsid is not installed")
    script = f"setsid sh -c 'echo $$ > {tmp_path}/child; exec sleep 20' & sleep 0.3; echo out"
    before = time.perf_counter()
    assert fake(script).cmd("state pull")[1] == "out\n"
    assert time.perf_counter() - before < 4
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def test_endless_output_is_cut_off(fake):
    with pytest.raises(TerraformError, match="printed more than 100000 bytes"):
        fake("while :; do echo 0123456789012345678901234567890123456789; done").cmd("state pull")


def test_endless_errors_neither_fill_memory_nor_block(fake):
    terraform = fake("yes error | head -c 3000000 >&2; echo fine")
    assert terraform.finished("state pull").out == b"fine\n"
    assert len(terraform.finished("state pull").err) == QUICK.max_errors


BOX = "\\033[31m│\\033[0m \\033[1mError: "


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        ('Backend initialization required, please run "terraform init"', "not initialised"),
        ("Error acquiring the state lock", "locked"),
        ("Unsupported Terraform Core version", "too old"),
        ("state snapshot was created by Terraform v9, which is newer than current", "too old"),
        ("Required token could not be found", "login"),
        ("No valid credential sources found", "credentials"),
        ("AccessDenied: Access Denied", "denied access"),
        ("Something new", "exit code 3: Something new"),
    ],
)
def test_each_known_failure_has_its_sentence(fake, stderr, said):
    with pytest.raises(TerraformError, match=said) as error:
        fake(f"printf '{BOX}%s\\n' '{stderr}' >&2; exit 3").cmd("state pull")
    assert error.value.hint
    assert "\x1b" not in str(error.value)


def test_a_death_by_signal_is_told(fake):
    with pytest.raises(TerraformError, match="signal 9"):
        fake("kill -9 $$").cmd("state pull")


def test_a_missing_binary_and_a_missing_folder_are_told(tmp_path, fake):
    with pytest.raises(TerraformError, match="Neither terraform nor tofu is installed"):
        find_binary(path=str(tmp_path))
    with pytest.raises(TerraformError, match="tofu is not installed"):
        find_binary("tofu", path=str(tmp_path))
    terraform = fake("exit 0")
    (tmp_path / "work").rmdir()
    with pytest.raises(TerraformError, match="can't be started"):
        terraform.cmd("state pull")


def test_terraform_is_found_before_tofu(tmp_path):
    for name in ("terraform", "tofu"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert find_binary(path=str(tmp_path)) == str(tmp_path / "terraform")
    assert find_binary("tofu", path=str(tmp_path)) == str(tmp_path / "tofu")


def test_nothing_is_logged_and_the_root_logger_gets_no_handler(fake, caplog):
    handlers = list(logging.getLogger().handlers)
    with caplog.at_level(logging.DEBUG):
        fake(f"echo {CANARY}; echo {CANARY} >&2").cmd("state pull")
        with pytest.raises(AttributeError):
            fake("exit 0").output_cmd()
    assert logging.getLogger().handlers == handlers
    assert caplog.text == ""


def test_outputs_stand_in_no_repr(fake):
    assert CANARY not in repr(fake(f"echo '{CANARY}'").finished("state pull"))


INTERRUPTED = """
import sys
from pathlib import Path
from driftguard.clock import SystemClock
from driftguard.terraform.process import Limits
from driftguard.terraform.runner import SafeTerraform, environment
import os
terraform = SafeTerraform(Path(sys.argv[1]), binary=sys.argv[2], env=environment(os.environ),
    limits=Limits(timeout=60, first_grace=0.3, second_grace=0.3), clock=SystemClock())
terraform.cmd("state pull")
"""


def test_our_own_interruption_leaves_nothing_running(fake, tmp_path):
    fake(f"echo $$ > {tmp_path}/child; trap '' INT; sleep 60")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    argv = [
        sys.executable,
        "-c",
        INTERRUPTED,
        str(tmp_path / "work"),
        str(tmp_path / "bin/terraform"),
    ]
    with subprocess.Popen(argv, env=env, stderr=subprocess.DEVNULL) as ours:
        assert is_running(pid_in(tmp_path / "child"))
        ours.send_signal(signal.SIGINT)
        assert ours.wait(10) != 0
    assert is_gone(pid_in(tmp_path / "child"))
