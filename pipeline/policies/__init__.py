"""Policy announcements: instruments and official measures that an article reports, English and Chinese."""

from pipeline.policies.find import find_candidates, find_dropped, find_policies

__all__ = ["find_candidates", "find_dropped", "find_policies"]
