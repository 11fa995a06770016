"""Advice on settings of mkdocs.yml that are allowed, but keep the unit from working or name another site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from unicodedata import normalize

from gongshi.common.errors import Problem, printable
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.sample_values import find_sample_values
from gongshi.domain.review.staffing import find_staffing_problems
from gongshi.i18n import gettext as _
from gongshi.site.html import urls

_EXAMPLE = "www.qinghe.gov.cn"
_DOMAIN = "extra.gongshi.unit.domain"
_RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org", "127.0.0.1")
"""Hosts that nobody outside can reach (RFC 2606, RFC 6761)."""


def find_advice(configuration: Configuration, today: date) -> list[Problem]:
    """Return all advice on the settings: addresses, values of the sample unit, roles that nobody holds.

    Args:
        configuration: the unit's configuration.
        today: the day.
    """
    staffing = find_staffing_problems(configuration, today)
    return [*find_address_advice(configuration), *(replace(problem, advice=True) for problem in staffing)]


def find_address_advice(configuration: Configuration) -> list[Problem]:
    """Return advice on the site's address and on values that are still those of the sample unit.

    Args:
        configuration: the unit's configuration.
    """
    message = _("is still the sample unit's: “{value}”; write your own unit's")
    found = {key: message.format(value=printable(value)) for key, value in find_sample_values(configuration)}
    url = configuration.site_url
    if url and not url.startswith(("https://", "http://")):
        plain = normalize("NFKC", url)
        message = _("must begin with https:// or http://, else the site cannot be built; write `site_url: {url}`")
        found["site_url"] = message.format(url=printable(plain if "://" in plain else f"https://{plain}"))
    elif not found.keys() & {"site_url", _DOMAIN}:
        found.update(_address_problems(configuration.site_url, configuration.policy.unit.domain))
    unit = configuration.policy.unit
    if unit.police_record and "police_record" not in unit.links:
        found["extra.gongshi.unit.police_record"] = _(
            "has no number of 14 digits, so the page shows it without a link to its register"
        )
    return [configuration.problem(key, message, advice=True) for key, message in found.items()]


def _address_problems(site_url: str | None, domain: str | None) -> Iterator[tuple[str, str]]:
    if not site_url:
        address = domain or _EXAMPLE
        address = f"{address if '://' in address else f'https://{address}'}".rstrip("/")
        message = _("is missing, so there are no feeds and the site map stays empty; write `site_url: {address}/`")
        yield "site_url", message.format(address=address)
    elif domain and not urls.is_same_site(site_url, domain):
        message = _("is {url}, but unit.domain is {domain}; one of them is wrong, or this is a trial")
        yield "site_url", message.format(url=site_url, domain=domain)
    elif not domain and _is_reserved(site_url):
        message = _("is {url}, which no reader can open; write the address at which the site will be")
        yield "site_url", message.format(url=site_url)


def _is_reserved(url: str) -> bool:
    hosts = urls.site(url, None).hosts
    return any(host == name or host.endswith(f".{name}") for host in hosts for name in _RESERVED)
