"""The walk against what was measured: experiments W1 to W9, their numbers, plots and page.

``python -m scripts.validation`` runs them, writes the section "The walk" of
``docs/model/validation.md`` and its plots, and exits with 3 where a criterion is missed. Nothing
here is imported by the program; the tests run two of the experiments at reduced size.
"""
