"""How near two services are, as pure functions: no Django, no network, no model weights.

`words` turns text into stems, `sections` a description into problem, solution and the rest, `glossary` bridges French
and English, `lexicon` learns from all services what is common or boilerplate and `relations` which words go together,
`profiles` makes of a service what is compared, `evidence` makes fixed words comparable, `weights` and `matching`
compare two services, `ranking` finds the nearest among many, and `reasons` says why in words.
"""
