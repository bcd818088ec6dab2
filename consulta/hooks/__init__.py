"""What becomes public, told to the systems of others: signed requests to addresses that officials gave.

It follows `following`, knows no act, and says only identifiers and public addresses, so that nothing withdrawn stays
elsewhere. `sending` alone opens connections, and only to addresses that `judging` found to be of the public Internet.
"""
