"""Turnos: who must answer what and by when; answers, their sign-off, publication and notification."""
