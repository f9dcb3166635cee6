"""Parts of live objects that several Terraform types declare, one family a file.

What the inline type and the standalone types of one part have in common stands
here, so that resource types need not know each other. Pure.
"""
