"""`python -m consulta` is the `consulta` command."""

from consulta.cli import main

main()
