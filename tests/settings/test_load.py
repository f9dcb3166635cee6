from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.errors import SettingsError
from driftguard.settings.fields import Settings
from driftguard.settings.load import MAX_BYTES, load_settings, parse_settings

WHOLE = b"""\
version: 1
defaults: {regions: eu-central-1, component: platform}
stacks:
  - name: network
    state: s3://states/network.tfstate
    account: 012345678901
  - name: payments
    component: payments
    state: [a.tfstate, b.tfstate]
    regions: [eu-central-1, us-east-1]
    roles:
      - arn: arn:aws:iam::111122223333:role/reader
        external_id: 0042
accounts:
  - {account: "444455556666", profile: prod}
limits: {deadline: 60, state_size: 10}
exclude: aws_iam_*
unmanaged: no
fail_on: high
"""


def refusal(text: bytes | str) -> str:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(SettingsError) as refused:
        parse_settings(data, "driftguard.yaml")
    return str(refused.value)


def test_a_whole_file_is_understood():
    settings = parse_settings(WHOLE, "driftguard.yaml")
    assert ("s3://states/network.tfstate",) == settings.stacks[0].state
    assert ("a.tfstate", "b.tfstate") == settings.stacks[1].state
    assert ("eu-central-1",) == settings.defaults.regions
    assert ("aws_iam_*",) == settings.exclude
    assert (60.0, 10) == (settings.limits.deadline, settings.limits.state_size)
    assert settings.unmanaged is False
    assert "high" == settings.fail_on


def test_an_account_and_an_external_id_keep_their_leading_zeros():
    settings = parse_settings(WHOLE, "driftguard.yaml")
    assert "012345678901" == settings.stacks[0].account
    assert "0042" == settings.stacks[1].roles[0].external_id


def test_no_is_a_name_and_not_false():
    text = "version: 1\nstacks: [{name: no, state: 2024-01-01}]"
    stack = parse_settings(text.encode(), "f").stacks[0]
    assert ("no", ("2024-01-01",)) == (stack.name, stack.state)


def test_any_drift_counts_and_unmanaged_is_the_readers_choice_unless_the_file_says_otherwise():
    settings = parse_settings(b"version: 1", "f")
    assert ("info", None, False) == (settings.fail_on, settings.unmanaged, settings.strict)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "version: 1\nstakcs: []",
            ":2: unknown key `stakcs`; did you mean `stacks`?",
        ),
        (
            "version: 1\nfail-on: low",
            ":2: unknown key `fail-on`; did you mean `fail_on`?",
        ),
        (
            "version: 1\nlimits:\n  deadlin: 3",
            ":3: unknown key `deadlin` in `limits`; did you mean `deadline`?",
        ),
        (
            "version: 1\nregions: [eu-west-1]",
            ":2: unknown key `regions`; `regions` belongs in `defaults`.",
        ),
        (
            "version: 1\nstacks:\n- name: a",
            ":3: `stacks[0]` lacks `state`.",
        ),
        (
            "version: 1\nlimits: {deadline: soon}",
            ":2: `limits.deadline`: expected a number, found text.",
        ),
        (
            "version: 1\nlimits: {parallel: 1.5}",
            ":2: `limits.parallel`: expected a whole number, found a number.",
        ),
        (
            "version: 1\nlimits: {parallel: 0}",
            ":2: `limits.parallel`: expected a number not below 1, found another number.",
        ),
        (
            "version: 1\nstacks: x",
            ":2: `stacks`: expected a list, found text.",
        ),
        (
            "version: 1\nlimits: [1]",
            ":2: `limits`: expected keys and values, found a list.",
        ),
        (
            "version: 1\nunmanaged: maybe",
            ":2: `unmanaged`: expected true or false, found text.",
        ),
        (
            "version: 1\nfail_on: hihg",
            (
                ":2: `fail_on`: expected info, low, medium, high or critical, found "
                "other text. Did you mean `high`?"
            ),
        ),
        (
            "version: 1\ndefaults: {regions: [eu_central_1]}",
            (
                ":2: `defaults.regions[0]`: expected a region's name such as "
                "eu-central-1, found other text."
            ),
        ),
        (
            "version: 2",
            (":1: this DriftGuard reads version 1 of the configuration, and the file has another."),
        ),
        (
            "stacks: []",
            ":1: the file lacks `version`.",
        ),
        (
            "version: 1\nlimits:\n\tdeadline: 3",
            ":3: a tab can't indent YAML; use spaces.",
        ),
        (
            "version: 1\nversion: 1",
            ":2: the key `version` stands here and on line 1; keep one.",
        ),
        (
            "a: &a [*a]",
            ":1: an alias stands inside what it stands for.",
        ),
        (
            "version: !!int 1",
            ":1: tags such as int have no meaning here. Write the value without one.",
        ),
        (
            "version: 1\nx: !x 1",
            ":2: tags such as !x have no meaning here. Write the value without one.",
        ),
        (
            "version: 1\n<<: {a: 1}",
            ":2: merge keys (<<) are not understood.",
        ),
        (
            "version: 1\n? [a]\n: 1",
            ":2: a key has to be a word.",
        ),
        (
            "version: 1\n---\nversion: 1",
            ":2: a second document begins here; a configuration is one.",
        ),
        (
            "version: [1",
            ":1: this is not valid YAML: expected ',' or ']', but got '<stream end>'.",
        ),
        (
            "- a",
            (
                " does not hold keys and values. The smallest one is `version: 1` and "
                "a stack with `name` and `state`."
            ),
        ),
        (
            "",
            " is empty. The smallest one is `version: 1` and a stack with `name` and `state`.",
        ),
        (
            "# nothing\n",
            " is empty. The smallest one is `version: 1` and a stack with `name` and `state`.",
        ),
        (
            b"version: 1\nx: \xff",
            ":2: this is not UTF-8 text. Save the file as UTF-8.",
        ),
        (
            b"version: 1\nx: \x00",
            " holds a control character, which YAML does not allow.",
        ),
        (
            "[" * 2000,
            " is nested more than 40 levels deep.",
        ),
        (
            "version: 1\nstacks: [{name: a, state: b}, {name: a, state: c}]",
            ":2: `stacks[1]` has the same name as `stacks[0]`. Each may stand there once.",
        ),
    ],
)
def test_each_mistake_is_a_sentence_with_its_line(text: str | bytes, sentence: str):
    assert f"driftguard.yaml{sentence}" == refusal(text)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    told = refusal("version: 1\nfoo: 1\nlimits: {parallel: many}\nbar: 2").splitlines()
    assert ["2", "3", "4"] == [line.split(":")[1] for line in told]


def test_a_thousand_mistakes_are_ten_sentences():
    told = refusal("version: 1\n" + "\n".join(f"k{n}: 1" for n in range(1000))).splitlines()
    assert 11 == len(told)
    assert "… and 990 more." == told[-1]


def test_an_alias_bomb_is_refused_quickly():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "with its aliases written out it holds over 20000 values" in refusal("\n".join(lines))


def test_an_anchor_that_is_used_twice_is_fine():
    text = b"""version: 1
defaults: {regions: &regions [eu-central-1]}
stacks: [{name: a, state: b, regions: *regions}]
"""
    assert ("eu-central-1",) == parse_settings(text, "f").stacks[0].regions


def test_a_file_that_is_too_large_is_refused():
    assert "larger than 256 KiB" in refusal(b"#" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nendpoint_url: [hunter2secret]",
        "version: hunter2secret",
        "version: 1\naccounts: [{account: hunter2secret}]",
        "version: 1\nfail_on: hunter2secret",
        "version: 1\nlimits: {deadline: hunter2secret}",
        "version: 1\nstate_access: hunter2secret",
    ],
)
def test_a_refused_value_is_never_quoted(text: str):
    assert "hunter2secret" not in refusal(text)


def test_a_file_that_is_not_there_or_can_not_be_read_is_a_sentence(tmp_path: Path):
    with pytest.raises(SettingsError, match="There is no configuration file"):
        load_settings(tmp_path / "nothing.yaml")
    with pytest.raises(SettingsError, match="is a folder, not a configuration file"):
        load_settings(tmp_path)


def parsed(data: bytes) -> Settings | str:
    """Return the settings, or the sentence; anything else that is raised is a bug."""
    try:
        return parse_settings(data, "f")
    except SettingsError as error:
        return str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_a_sentence(data: bytes):
    assert parsed(data) is not None


_WORDS = st.text("aZ0:-é \n", max_size=5)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*Settings.model_fields]), _VALUES))
def test_any_value_under_any_key_is_settings_or_sentences(values: dict[str, object]):
    import yaml  # noqa: PLC0415  # only here

    text = yaml.safe_dump({**values, "version": 1}, allow_unicode=True)
    settings = parsed(text.encode())
    if isinstance(settings, Settings):
        assert settings == Settings.model_validate(settings.model_dump())


def test_web_access_names_variables():
    text = """\
version: 1
state_access:
  web:
    - address: https://gitlab.example/api/v4/
      headers: {PRIVATE-TOKEN: GITLAB_TOKEN}
"""
    (web,) = parse_settings(text.encode(), "f").state_access.web
    assert {"PRIVATE-TOKEN": "GITLAB_TOKEN"} == web.headers


@pytest.mark.parametrize(
    "entry",
    [
        "address: gitlab.example",
        "address: ftp://gitlab.example/",
        "address: https://me:secret@gitlab.example/",
        "address: https://gitlab.example/?token=secret",
        "{address: 'https://h/', headers: {'X: y': A}}",
        "{address: 'https://h/', headers: {X: glpat-this-is-the-secret}}",
        "{address: 'https://h/', token_variable: 'the secret itself'}",
    ],
)
def test_web_access_that_can_not_be_is_refused(entry: str):
    text = f"version: 1\nstate_access:\n  web:\n    - {entry}\n"
    assert "state_access" in refusal(text)
