"""Services of other countries read from the two formats that many of them share.

`places` finds files, `publiccode` and `govuk` know a format each, `wanted` is what both ask for, and `writing`
compares it with what is there. Reading text, repairs and the list of defects are the directory's.
"""
