"""The access policy of an SQS queue as a resource of its own.

A policy that was taken away is missing; one that was changed is compared by meaning.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_policy
"""

from __future__ import annotations

from driftguard.parts.sqs_queue import document_type

TYPE = document_type("aws_sqs_queue_policy", "policy", __doc__)
