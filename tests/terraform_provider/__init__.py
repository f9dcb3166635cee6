"""A provider for tests: the real ``terraform`` binary applies configurations to moto.

Terraform believes it talks to ``hashicorp/aws``. It talks to a gRPC server in the
test process, which makes and reads objects by boto3 and stores them in the
state as the real provider does. It is a judge of DriftGuard, so it shares no
code with it: what AWS's answers mean is written here a second time.

It creates and reads; it never updates or destroys, because the judged commands
(``apply`` on nothing, ``plan -refresh-only``) never ask for it.
"""
