"""A report whose every text was chosen by somebody who means us ill."""

from __future__ import annotations

from driftguard.model import (
    Address,
    Change,
    ChangeKind,
    Drift,
    DriftKind,
    ExceptionState,
    Finding,
    Judgement,
    ScanReport,
    Scope,
    Severity,
    Unknown,
    Verdict,
)

ADDED, CHANGED = ChangeKind.ADDED, ChangeKind.CHANGED
DIGEST = "0123456789abcdef01234567"
TOKEN = f"(sensitive {DIGEST})"
TEXTS = (
    "\x1b[2J\x1b[31mred\x07\x00\x7f\x9b",
    "a\u202eb\u2066c\u200bd\ufeffe",
    "\ud800\ufffe\uffff\U000e0041",
    "one\r\n::set-env name=PATH::/tmp\n##[add-mask]x\u2028::error::y\x85::error::z",
    "]]><x/>&amp;",
    "</script><script>document.title = 'pwned'</script>",
    "</style><img src=x onerror=\"document.title = 'pwned'\"><!--",
    "</summary></details></code>\n\n# heading\n\n@everyone #1 https://evil.example www.a.example",
    "`@everyone` ``#1`` ```\n```\n~~~",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "| a | b |\n|---|---|\n\\| **bold** _it_ ~~no~~ $x$ :smile: {0} {{7*7}} {% x %}",
    "' onload='x\" onclick=\"document.title=1",
    "%0A::error::x%25",
    f"{TOKEN} password={TOKEN}",
)
EVERYTHING = " ".join(TEXTS)


def _drift(number: int, text: str, kind: DriftKind) -> Drift:
    return Drift(
        address=Address(module=f"module.m[{text!r}]", type=f"aws_{text}", name=text, key=text),
        scope=Scope(account=text, region=text),
        kind=kind,
        id=f"{number} {text}",
        changes=(
            Change(
                path=f"tags.{text}", kind=ChangeKind.CHANGED, declared=text, live={text: [text]}
            ),
            Change(path=text, kind=ChangeKind.ADDED, live=EVERYTHING),
        ),
        stack=text,
        component=text,
    )


def _judgement(text: str, verdict: Verdict, severity: Severity) -> Judgement:
    return Judgement(
        rule=text,
        title=text,
        verdict=verdict,
        severity=severity,
        reason=EVERYTHING,
        how=text,
        exception=text if verdict is Verdict.PRE_EXISTING else None,
    )


def _finding(number: int, text: str, kind: DriftKind) -> Finding:
    severity = Severity(number % 5)
    verdicts = [one for one in Verdict if one is not Verdict.PASS]
    return Finding(
        drift=_drift(number, text, kind),
        severity=severity,
        rule=text if number % 2 else None,
        reason=text,
        judgements=tuple(_judgement(text, one, severity) for one in verdicts),
        exception=text if number % 3 else None,
    )


FINDINGS = tuple(
    _finding(number, text, kind) for number, text in enumerate(TEXTS) for kind in DriftKind
)
HOSTILE = ScanReport(
    declared=100,
    checked=50,
    findings=FINDINGS,
    known=FINDINGS[:3],
    pre_existing=FINDINGS,
    accepted=FINDINGS,
    undecided=FINDINGS,
    exceptions=tuple(
        ExceptionState(id=text, state="active", expires=text, note=text) for text in TEXTS
    ),
    unreadable=tuple(Unknown(address=text, reason=text, type=text) for text in TEXTS),
    unsearched=tuple(Unknown(address=text, reason=EVERYTHING) for text in TEXTS),
    unsupported={text: 2 for text in TEXTS if TOKEN not in text},
    problems=TEXTS,
    warnings=TEXTS,
)
PLACES = {
    (text.replace(TOKEN, "(sensitive)"), str(one.drift.address).replace(TOKEN, "(sensitive)")): (
        f"states/{text.replace(TOKEN, '(sensitive)')}"
    )
    for one in FINDINGS
    for text in [one.drift.stack]
}
"""Each drift's place is as hostile as it is; as ``declared_places`` would tell it."""
