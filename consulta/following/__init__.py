"""What happens in public, told to who wants to know: the entries of feeds, and mails to addresses that asked for them.

The acts know nothing of it: it follows the public record leaf by leaf, and reads again whatever it tells.
"""
