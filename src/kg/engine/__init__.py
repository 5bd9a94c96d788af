"""Engines: what evaluates a query, behind one seam."""
