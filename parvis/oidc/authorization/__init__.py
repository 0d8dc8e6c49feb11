"""The authorization request, from its raw fields to an answer: checks, then prompts, then a grant.

`checks.CHECKS` is the ordered table of what is verified; `prompts.PROMPTS` the ordered table of what a person may still
have to do; `decision.decide` goes through both. Nothing here knows whether it runs in Django or in front of it.
"""
