"""Tests of what rules may call."""
