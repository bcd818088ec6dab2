"""What every page shares: access, forms, errors, filters, headers, pagination.

Knows no package of the domain.
"""
