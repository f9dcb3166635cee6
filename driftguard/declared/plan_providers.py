"""Which provider configuration each resource of a plan has, and the region that it names.

A plan says so only in its copy of the configuration, module by module and
without index keys. A region that a variable of the root gives is known too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from driftguard.declared.state import Instance
from driftguard.model import Address

_MAX_DEPTH = 64
_KEYS = re.compile(r"\[(?:[^\]\"]*|\"(?:[^\"\\]|\\.)*\")\]")


class Providers:
    """The provider configurations of one plan."""

    def __init__(self, document: Mapping[str, object]) -> None:
        configuration = document.get("configuration")
        held = configuration if isinstance(configuration, Mapping) else {}
        self._configured = held.get("provider_config")
        self._variables = document.get("variables")
        self._keys = dict(_keys(held.get("root_module")))

    def key(self, one: Mapping[str, object]) -> str:
        """Return what the resources of one provider configuration share."""
        module = _KEYS.sub("", str(one.get("module_address") or ""))
        spot = module, str(one.get("mode", "managed")), f"{one.get('type')}.{one.get('name')}"
        return self._keys.get(spot) or str(one.get("provider_name") or "")

    def regions(self) -> Iterator[Instance]:
        """Yield what each provider configuration says of its region, as ``aws_region`` would."""
        configured = self._configured if isinstance(self._configured, Mapping) else {}
        for key, one in configured.items():
            region = self._region(one)
            if region:
                yield Instance(
                    address=Address(type="aws_region", name="configured"),
                    provider=str(key),
                    attributes={"name": region},
                )

    def _region(self, provider: object) -> str:
        expressions = provider.get("expressions") if isinstance(provider, Mapping) else None
        region = expressions.get("region") if isinstance(expressions, Mapping) else None
        if not isinstance(region, Mapping):
            return ""
        value = region.get("constant_value")
        if isinstance(value, str):
            return value
        references = region.get("references")
        names = (
            [one for one in references if isinstance(one, str)]
            if isinstance(references, list)
            else []
        )
        if len(names) == 1 and isinstance(self._variables, Mapping):
            given = self._variables.get(names[0].removeprefix("var."))
            value = given.get("value") if isinstance(given, Mapping) else None
        return value if isinstance(value, str) else ""


def _keys(root: object) -> Iterator[tuple[tuple[str, str, str], str]]:
    waiting = [("", root, 0)]
    while waiting:
        path, module, depth = waiting.pop()
        if not isinstance(module, Mapping) or depth > _MAX_DEPTH:
            continue
        resources = module.get("resources")
        for one in resources if isinstance(resources, list) else ():
            key = one.get("provider_config_key") if isinstance(one, Mapping) else None
            if isinstance(key, str):
                mode = str(one.get("mode", "managed"))
                yield (path, mode, f"{one.get('type')}.{one.get('name')}"), key
        calls = module.get("module_calls")
        for name, call in calls.items() if isinstance(calls, Mapping) else ():
            inner = f"{path}.module.{name}".lstrip(".")
            waiting.append(
                (inner, call.get("module") if isinstance(call, Mapping) else None, depth + 1)
            )
