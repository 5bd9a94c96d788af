"""Routes: what the service answers on each path."""
