"""Which attributes of a state are secret: those it marks, and those it should have marked.

Terraform marks what a sensitive variable flowed into; before 1.10 it did not
repeat in the state what a provider's schema flags sensitive. So the schema's
flags are known here: for the types that DriftGuard compares and for the common
secret-bearing ones by name, for all others by what the attribute is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from driftguard.secret_shapes import is_secret_name

Path: TypeAlias = "tuple[str | int, ...]"
"""Names and indices from the top of the attributes downwards."""

SCHEMA: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(attributes.split())
        for name, attributes in {
            # From the provider's schema (4.36.1 and 6.x), attributes flagged sensitive. Of the
            # types compared only a database has one; `password_data` is not flagged, but is one.
            "aws_db_instance": "password password_wo",
            "aws_instance": "password_data",
            "aws_acm_certificate": "private_key",
            "aws_api_gateway_api_key": "value",
            "aws_cloudwatch_event_connection": "auth_parameters",
            "aws_glue_connection": "connection_properties",
            "aws_iam_access_key": "secret ses_smtp_password_v4 encrypted_secret",
            "aws_iam_server_certificate": "private_key",
            "aws_iam_service_specific_credential": "service_password",
            "aws_iam_user_login_profile": "password encrypted_password",
            "aws_kms_ciphertext": "plaintext",
            "aws_kms_external_key": "key_material_base64",
            "aws_mwaa_environment": "airflow_configuration_options",
            "aws_secretsmanager_random_password": "random_password",
            "aws_secretsmanager_secret_version": "secret_string secret_binary secret_string_wo",
            "aws_sns_platform_application": "platform_credential platform_principal",
            "aws_ssm_parameter": "value value_wo insecure_value",
            "aws_vpn_connection": "customer_gateway_configuration tunnel1_preshared_key"
            " tunnel2_preshared_key",
            "kubernetes_secret": "data binary_data",
            "kubernetes_secret_v1": "data binary_data",
            "random_password": "result bcrypt_hash",
            "tls_private_key": "private_key_pem private_key_openssh private_key_pem_pkcs8",
            "vault_generic_secret": "data data_json",
        }.items()
    }
)
"""Type → the top-level attributes that are secret whatever the state marks."""

NAMES = frozenset(
    {
        "auth_token_wo",
        "basic_auth_credentials",
        "client_key",
        "key_material_base64",
        "passwords",
        "plaintext",
        "preshared_key",
        "private_key_openssh",
        "private_key_pem",
        "secret_binary",
        "secret_string",
        "ssh_key",
    }
)
"""Names secret in any type, beside those that ``secret_shapes.is_secret_name`` knows."""

_MAX_PATH = 64


def is_secret_attribute(type_name: str, attribute: str) -> bool:
    """Tell whether a top-level attribute is secret by its type's schema or by its name."""
    return attribute in SCHEMA.get(type_name, ()) or is_secret_word(attribute)


def is_secret_word(name: str) -> bool:
    """Tell whether an attribute of this name is secret in any type."""
    return name in NAMES or is_secret_name(name) or name.endswith(("_password_wo", "_secret_wo"))


def is_parameter_for_all(type_name: str, attributes: Mapping[str, object]) -> bool:
    """Tell whether this is a plain SSM parameter: its schema flags the value, its type doesn't.

    Such parameters publish names (a bucket, a subnet) from one stack to another.
    """
    return type_name == "aws_ssm_parameter" and attributes.get("type") in ("String", "StringList")


def marked_paths(sensitive_attributes: object) -> Iterator[Path]:
    """Yield the paths that a state marks sensitive.

    A path is a list of steps: ``{"type": "get_attr", "value": "password"}``, and
    ``{"type": "index", "value": {"value": 0, "type": "number"}}`` or with the bare
    key. What can't be understood marks the whole resource: ``()``.
    """
    if not sensitive_attributes:
        return
    if not isinstance(sensitive_attributes, list):
        yield ()
        return
    for marked in sensitive_attributes:
        steps = marked if isinstance(marked, list) else [marked]
        yield tuple(_steps(steps[:_MAX_PATH]))


def _steps(steps: list[object]) -> Iterator[str | int]:
    """Yield a path's steps up to the first that can't be understood: what holds it is marked."""
    for step in steps:
        value = step.get("value") if isinstance(step, Mapping) else step
        if isinstance(value, Mapping):
            value = value.get("value")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return
        yield value


def dotted(path: Path) -> str:
    """Return a path as ``Declared.sensitive`` has it: names joined, list indices left out."""
    return ".".join(step for step in path if isinstance(step, str))
