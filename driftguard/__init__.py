"""DriftGuard: live AWS resources against what Terraform declared."""

__version__ = "0.1.0"
