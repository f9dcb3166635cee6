"""What AWS says. Sessions, rates, bulk collections, recordings; nothing of Terraform.

Whatever goes wrong here becomes an ``Unreadable`` value with its reason: no
failed call may look like an empty answer. boto3 is used here and, in
``declared/s3.py``, nowhere else that reads.
"""
