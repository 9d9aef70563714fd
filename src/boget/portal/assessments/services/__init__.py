"""Rating, ranking and classification. The only modules of this app that call boget.science."""

from boget.portal.assessments.services.rating import rescore

__all__ = ["rescore"]
