"""The words of the product: the official terms of states and kinds, every sentence, and their translations.

`text` says a sentence in the language in force, `labels` the term of a value, `extraction` keeps the catalogues in
step with the sources. Pure; below everything that speaks.
"""
