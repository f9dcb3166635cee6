"""The plugin protocol's server: Terraform's questions in, the resources' answers out.

Protocol 6, one process for all configurations of the provider. Each of them
(each alias) has a connection of its own, so the peer's port tells them apart.
https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.8.proto
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from tests.terraform_provider import planning
from tests.terraform_provider.aws import Aws
from tests.terraform_provider.resource import Resource
from tests.terraform_provider.schema import MAP, Schema, laid_out, message, one, optional
from tests.terraform_provider.wire import Values, known, pack, unpack

SOURCE = "registry.terraform.io/hashicorp/aws"
PROVIDER: Schema = {"region": optional(), "default_tags": one(tags=optional(MAP))}


class Provider(rpc.ProviderServicer):  # type: ignore[misc]  # the stubs are untyped
    """Terraform's questions, named by the protocol."""

    def __init__(self, endpoint: str, resources: Mapping[str, Resource]) -> None:
        self._endpoint = endpoint
        self._resources = resources
        self._configured: dict[str, Aws] = {}

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell every schema."""
        return pb.GetProviderSchema.Response(
            provider=message(PROVIDER),
            resource_schemas={name: message(r.schema) for name, r in self._resources.items()},
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take any configuration."""
        return pb.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keep the configuration of this connection."""
        configuration = known(unpack(request.config))
        tags = [block["tags"] or {} for block in configuration["default_tags"]]
        self._configured[context.peer()] = Aws(
            self._endpoint, configuration["region"] or "us-east-1", tags[0] if tags else {}
        )
        return pb.ConfigureProvider.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take any configuration that fits the schema."""
        return pb.ValidateResourceConfig.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Lay the state's JSON out as the schema wants it."""
        schema = self._resources[request.type_name].schema
        state = laid_out(schema, json.loads(request.raw_state.json))
        return pb.UpgradeResourceState.Response(upgraded_state=pack(state))

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Plan a creation or a change; a destruction needs no plan of the provider."""
        proposed, prior = unpack(request.proposed_new_state), unpack(request.prior_state)
        schema = self._resources[request.type_name].schema
        default_tags = self._aws(context).default_tags
        if prior is None:
            plan = planning.planned(schema, proposed, default_tags)
        else:
            plan = planning.replanned(schema, prior, proposed, default_tags)
        return pb.PlanResourceChange.Response(planned_state=pack(plan), legacy_type_system=True)

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create the object, and read it back; nothing else is ever applied in a test."""
        if unpack(request.prior_state) is not None:
            refusal = _diagnostic("The test provider only creates", request.type_name)
            return pb.ApplyResourceChange.Response(
                new_state=request.prior_state, diagnostics=[refusal]
            )
        resource, aws = self._resources[request.type_name], self._aws(context)
        plan = unpack(request.planned_state)
        try:
            state = _created(resource, aws, plan)
        except Exception as error:  # noqa: BLE001  # whatever it is, Terraform shall tell it
            return pb.ApplyResourceChange.Response(
                new_state=request.prior_state, diagnostics=[_diagnostic(request.type_name, error)]
            )
        return pb.ApplyResourceChange.Response(new_state=pack(state), legacy_type_system=True)

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Read the object; null where it is gone."""
        resource = self._resources[request.type_name]
        current = unpack(request.current_state)
        try:
            read = resource.read(self._aws(context), current)
        except Exception as error:  # noqa: BLE001  # as above
            return pb.ReadResource.Response(
                new_state=request.current_state, diagnostics=[_diagnostic(request.type_name, error)]
            )
        state = None if read is None else planning.refreshed(resource.schema, current, read)
        return pb.ReadResource.Response(new_state=pack(state))

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Have nothing to stop: every call is short."""
        return pb.StopProvider.Response()

    def _aws(self, context: Any) -> Aws:
        return self._configured[context.peer()]


def _created(resource: Resource, aws: Aws, plan: Values) -> Values:
    wanted = known(plan)
    identity = resource.create(aws, {**wanted})
    read = resource.read(aws, {**wanted, "id": identity})
    if read is None:
        raise LookupError(f"{identity} was made and is not there")
    return planning.applied(resource.schema, plan, {"id": identity, **read})


def _diagnostic(summary: str, detail: object) -> Any:
    return pb.Diagnostic(
        severity=pb.Diagnostic.Severity.ERROR,
        summary=summary,
        detail=f"{type(detail).__name__}: {detail}",
    )


@contextmanager
def serving(provider: Provider) -> Iterator[Mapping[str, str]]:
    """Serve, and yield the environment that makes Terraform ask here."""
    server = grpc.server(futures.ThreadPoolExecutor(4, thread_name_prefix="provider"))
    rpc.add_ProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    address = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    attach = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True}
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps({SOURCE: {**attach, "Addr": address}})}
    finally:
        server.stop(None).wait()
