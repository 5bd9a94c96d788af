"""Samenhang: a knowledge graph of municipal cooperation and the service that publishes it."""

__version__ = "0.1.0"
