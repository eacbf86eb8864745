"""Policy announcements: instruments and official measures that an article reports, English and Chinese."""

from pipeline.policies.find import find_dropped, find_policies

__all__ = ["find_dropped", "find_policies"]
