from __future__ import annotations

import json

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from driftguard.errors import PolicyError
from driftguard.policy.exception_load import parse_exceptions
from driftguard.policy.exception_schema import PUBLISHED, exception_schema
from driftguard.policy.exception_text import with_exception, without_exceptions
from tests.cli.conftest import ROOT

ENTRY = {
    "id": "NEW",
    "rules": ["DG-AWS-SG-001", "DG-AWS-SG-002"],
    "address": 'module.app["x"].aws_security_group.web[*]',
    "reason": "replaced in Q3: see the ticket",
    "ticket": "NET-7",
    "owner": "team network",
    "approver": "security@example.com",
    "expires": "2027-01-31",
}
BLOCK = """\
  - id: NEW
    rules: [DG-AWS-SG-001, DG-AWS-SG-002]
    address: "module.app[\\"x\\"].aws_security_group.web[*]"
    reason: "replaced in Q3: see the ticket"
    ticket: NET-7
    owner: team network
    approver: security@example.com
    expires: 2027-01-31
"""


def one(name: str, indentation: str = "  ", *, reason: str = "why") -> str:
    lines = (
        f"- id: {name}",
        "  rules: [DG-AWS-SG-001]",
        "  address: aws_security_group.web",
        f"  reason: {reason}",
        "  ticket: '7'",
        "  owner: o  # the team",
        "  approver: p",
        "  expires: 2026-12-31",
    )
    return "".join(f"{indentation}{line}\n" for line in lines)


def added(text: str) -> str:
    return with_exception(text, ENTRY, "f.yaml")


def pruned(text: str, *ids: str) -> str:
    return without_exceptions(text, ids, "f.yaml")


def ids(text: str) -> list[str]:
    return [one.id for one in parse_exceptions(text.encode(), "f.yaml").all]


@pytest.mark.parametrize(
    "text",
    ["", "# ours\n", "---\n", "# ours\nexceptions:\n", "exceptions: # ours\n", "exceptions:"],
)
def test_the_first_exception_begins_the_list(text: str):
    made = added(text)
    assert made.startswith(text)
    assert made.endswith(f"\n{BLOCK}" if text else f"exceptions:\n{BLOCK}")
    assert ["NEW"] == ids(made)


@pytest.mark.parametrize("empty", ["[]", "[ ]", "~", "null"])
def test_an_empty_list_becomes_one_of_blocks(empty: str):
    assert f"exceptions:  # ours\n{BLOCK}" == added(f"exceptions: {empty} # ours\n")


def test_a_comment_inside_an_empty_list_is_kept():
    made = added("exceptions: [\n  # none so far\n]\n")
    assert "# none so far" in made
    assert ["NEW"] == ids(made)


def test_an_exception_is_added_below_the_others_and_these_stay_as_they_are():
    text = f"# top\nexceptions:\n  # A\n{one('A')}    # of A\n\n  # B\n{one('B')}  # end\n"
    made = added(text)
    assert text == made[: len(text)]
    assert f"\n{BLOCK}" == made[len(text) :] or made[len(text) :] == BLOCK
    assert ["A", "B", "NEW"] == ids(made)


def test_the_indentation_is_that_of_the_others():
    made = added(f"exceptions:\n{one('A', '')}")
    assert "\n- id: NEW\n  rules: [" in made
    wide = f"exceptions:\n    -   id: A\n{one('A', '      ').partition(chr(10))[2]}"
    assert "\n    -   id: NEW\n        rules: [" in added(wide)


def test_entries_that_are_set_apart_by_empty_lines_stay_so():
    made = added(f"exceptions:\n{one('A')}\n{one('B')}")
    assert "2026-12-31\n\n  - id: NEW\n" in made


def test_line_breaks_stay_as_they_are():
    text = f"exceptions:\n{one('A')}".replace("\n", "\r\n")
    made = added(text)
    assert made.startswith(text)
    assert made.count("\n") == made.count("\r\n")


def test_a_file_without_a_last_line_break_gets_one():
    made = added(f"exceptions:\n{one('A')}".rstrip("\n"))
    assert f"exceptions:\n{one('A')}{BLOCK}" == made


def test_the_end_of_the_document_stays_at_the_end():
    made = added(f"---\nexceptions:\n{one('A')}...\n")
    assert f"---\nexceptions:\n{one('A')}{BLOCK}...\n" == made


JSON = (
    '{"id": "%s", "rules": ["DG-AWS-SG-001"], "address": "aws_instance.a", "reason": "r",'
    ' "ticket": "t", "owner": "o", "approver": "p", "expires": "2026-12-31"}'
)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"exceptions": [{JSON % "A"}, {JSON % "B"}]}}\n',
        f'{{"exceptions": [\n    {JSON % "A"},\n    {JSON % "B"}\n  ]\n}}\n',
        f"exceptions: [{JSON % 'A'}, {JSON % 'B'},  # B\n  ]  # end\n",
    ],
)
def test_a_list_in_brackets_stays_one(text: str):
    made = added(text)
    assert ["A", "B", "NEW"] == ids(made)
    assert [letter for letter in text if letter == "#"] == [one for one in made if one == "#"]
    assert ["B"] == ids(pruned(text, "A"))
    assert ["A"] == ids(pruned(text, "B"))
    assert [] == ids(pruned(text, "A", "B"))
    assert ["A", "NEW"] == ids(pruned(made, "B"))


def test_an_empty_list_of_json_stays_json():
    made = added('{"exceptions": []}\n')
    assert ["NEW"] == ids(made)
    assert made.startswith('{"exceptions": [{"id": "NEW",')


WHOLE = (
    "# Ours. Reviewed each quarter.\n"
    "exceptions:\n"
    "  # By age.\n"
    "\n"
    "  # A is old\n"
    f"{one('A')}"
    "    # of A\n"
    "\n"
    "  # B, quoted\n"
    "  # twice\n"
    f"{one('B', reason=chr(39) + 'it is' + chr(39))}"
    "\n"
    "  # C\n"
    f"{one('C')}"
    "# the end\n"
)


def test_what_is_pruned_goes_with_the_comments_right_above_it_and_nothing_else():
    a = f"  # A is old\n{one('A')}    # of A\n\n"
    b = WHOLE[WHOLE.index("  # B,") : WHOLE.index("  # C")]
    c = f"\n  # C\n{one('C')}"
    for name, gone in (("A", a), ("B", b), ("C", c)):
        assert WHOLE.replace(gone, "") == pruned(WHOLE, name)
    assert WHOLE.replace(a, "").replace(c, "") == pruned(WHOLE, "C", "A")


def test_a_list_from_which_all_is_pruned_is_empty():
    made = pruned(WHOLE, "A", "B", "C")
    assert [] == ids(made)
    assert made.startswith("# Ours. Reviewed each quarter.\nexceptions: []\n  # By age.\n")
    assert made.endswith("# the end\n")


def test_nothing_to_prune_changes_nothing():
    assert WHOLE == pruned(WHOLE, "D")


def test_a_long_text_over_several_lines_goes_whole():
    folded = one("A", reason=">\n      first\n\n      second\n")
    text = f"exceptions:\n{folded}  # B\n{one('B')}"
    assert f"exceptions:\n  # B\n{one('B')}" == pruned(text, "A")
    assert f"exceptions:\n{folded}" == pruned(text, "B")


def test_a_part_that_another_repeats_is_not_pruned():
    first = one("A").replace("why", "&why because")
    text = f"exceptions:\n{first}{one('B', reason='*why')}"
    with pytest.raises(PolicyError, match="can't be edited without touching the rest"):
        pruned(text, "A")
    assert ["A"] == ids(pruned(text, "B"))


def test_a_broken_file_is_not_edited():
    with pytest.raises(PolicyError, match=r"f\.yaml:2: .*lacks"):
        added("exceptions:\n  - id: A\n")
    with pytest.raises(PolicyError, match=r"f\.yaml:2: .*lacks"):
        pruned("exceptions:\n  - id: A\n", "A")


TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc", "Cs", "Zl")),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() and text.isprintable())


@settings(max_examples=30)
@given(TEXTS, st.sampled_from(["", f"exceptions:\n{one('A', '')}", WHOLE, '{"exceptions": []}']))
def test_whatever_the_words_are_they_come_back(words: str, text: str):
    made = with_exception(text, {**ENTRY, "reason": words}, "f.yaml")
    read = yaml.load(made, Loader=yaml.BaseLoader)["exceptions"]  # noqa: S506  # plain text
    assert words == read[-1]["reason"]
    assert (text or "exceptions: []\n") == pruned(made, "NEW")


@pytest.mark.parametrize("word", ["yes", "null", "12", "1e3", "2026-1-1", "a: b", "- a", "#x", "~"])
def test_words_that_mean_something_else_are_quoted(word: str):
    made = with_exception("", {**ENTRY, "owner": word}, "f.yaml")
    assert word == parse_exceptions(made.encode(), "f.yaml").all[0].owner
    assert f'owner: "{word}"\n' in made


def test_the_published_schema_is_the_one_of_the_fields():
    """Write it anew with ``python -m driftguard.policy.exception_schema``."""
    assert exception_schema() == PUBLISHED.read_text(encoding="utf-8")


def test_every_key_is_told_in_the_reference():
    schema = json.loads(exception_schema())
    page = (ROOT / "docs/reference/exceptions.md").read_text(encoding="utf-8")
    keys = {name for part in (schema, *schema["$defs"].values()) for name in part["properties"]}
    assert [] == sorted(name for name in keys if f"| `{name}` |" not in page)
    example = page.partition("```yaml\n")[2].partition("```")[0]
    assert ["EXC-0001"] == ids(example)
    jsonschema.validate(yaml.load(example, Loader=yaml.BaseLoader), schema)  # noqa: S506  # plain text
