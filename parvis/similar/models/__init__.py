"""Tables of the similar services: what other directories hold, what people said, and the index."""

from parvis.similar.models.index import LexiconRecord, Neighbour, Posting, ProfileRecord
from parvis.similar.models.judgement import Judgement, Verdict
from parvis.similar.models.listing import Listing, ListingPhase

__all__ = [
    "Judgement",
    "LexiconRecord",
    "Listing",
    "ListingPhase",
    "Neighbour",
    "Posting",
    "ProfileRecord",
    "Verdict",
]
