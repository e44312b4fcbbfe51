"""The sitemap of a host with our pages in it."""

from __future__ import annotations

import re

from aboveboard.render.sitemap import DAY, extended

HOSTS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url>
         <loc>https://example.org/{}/</loc>
    </url>
</urlset>"""


def test_whatever_a_page_of_the_host_is_called_ours_come_after_it():
    for name in ("about", "aboveboard-address", "aboveboard-day", "url"):
        said = extended(HOSTS.format(name), [("https://example.org/a&b/", 0), ("https://example.org/c/", DAY)])

        found = re.findall("<loc>(.*)</loc>", said)
        assert found == [f"https://example.org/{name}/", "https://example.org/a&amp;b/", "https://example.org/c/"]
        assert re.findall("<lastmod>(.*)</lastmod>", said) == ["1970-01-01", "1970-01-02"]
