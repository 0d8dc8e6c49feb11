"""What changes the index and the judgements."""

from parvis.similar.actions.indexing import rebuild, refresh
from parvis.similar.actions.judging import CannotJudgeError, judge, withdraw

__all__ = ["CannotJudgeError", "judge", "rebuild", "refresh", "withdraw"]
