"""The dead-letter queue of an SQS queue as a resource of its own.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_redrive_policy
"""

from __future__ import annotations

from driftguard.parts.sqs_queue import document_type

TYPE = document_type("aws_sqs_queue_redrive_policy", "redrive_policy", __doc__)
