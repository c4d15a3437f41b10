"""Durable files, locks, caches and provenance."""
