"""Policy announcements: instruments and official measures that an article reports, English and Chinese."""

from pipeline.policies.find import explain_policies, find_policies

__all__ = ["explain_policies", "find_policies"]
