"""The kinds of units: types of schema.org for public bodies, by which search engines know what a unit is.

Source: https://schema.org/docs/full.html (each type with those above it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT = "GovernmentOffice"


@dataclass(frozen=True)
class UnitKind:
    """A type of schema.org."""

    is_organization: bool = True
    """False for a type of place only, such as `Museum`: whoever publishes must be an organization, too."""
    has_hours: bool = True
    """False for an organization that is no place: `openingHours` belongs to places that people visit."""


_PLACE, _BODY = UnitKind(is_organization=False), UnitKind(has_hours=False)
KINDS: Mapping[str, UnitKind] = {
    DEFAULT: UnitKind(),
    "GovernmentOrganization": _BODY,
    "CityHall": _PLACE,
    "Courthouse": _PLACE,
    "PoliceStation": UnitKind(),
    "FireStation": UnitKind(),
    "PostOffice": UnitKind(),
    "Preschool": UnitKind(),
    "ElementarySchool": UnitKind(),
    "MiddleSchool": UnitKind(),
    "HighSchool": UnitKind(),
    "School": UnitKind(),
    "CollegeOrUniversity": UnitKind(),
    "ChildCare": UnitKind(),
    "Library": UnitKind(),
    "ArchiveOrganization": UnitKind(),
    "Museum": _PLACE,
    "PerformingArtsTheater": _PLACE,
    "Park": _PLACE,
    "SportsActivityLocation": UnitKind(),
    "Hospital": UnitKind(),
    "MedicalClinic": UnitKind(),
    "EmploymentAgency": UnitKind(),
    "ResearchOrganization": _BODY,
    "NGO": _BODY,
    "Organization": _BODY,
}
"""By the name that `unit.kind` takes."""


def of(name: str) -> UnitKind:
    """Return what a kind of unit is.

    Args:
        name: of the kind; one that is not listed counts as an organization with opening hours.
    """
    return KINDS.get(name, KINDS[DEFAULT])
