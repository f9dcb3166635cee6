"""A small company on a fake AWS, and somebody who works by hand in its console.

Here: the server, the company and its Terraform state, the steps by hand, and
the story that ties them. moto and boto3 are used here for a cloud of our own
making; nothing outside ``driftguard demo`` imports this package.
"""
