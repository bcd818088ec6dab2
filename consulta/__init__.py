"""Consulta: the participatory-consultation and regulatory-comment platform."""
