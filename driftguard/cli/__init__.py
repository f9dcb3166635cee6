"""The command line: arguments in, an exit code out. One file for each subcommand.

A subcommand's file imports click alone at its top; what it needs to work is
imported when it runs, so that ``--help`` and ``--version`` answer at once.
Everything that is not about arguments, streams and signals is done below.
"""
