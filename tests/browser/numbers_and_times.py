# SPDX-License-Identifier: Apache-2.0
"""Numbers and times as people read them: the functions of web/format.js and web/route.js, called in the page."""
import json

NARROW = "\u202f"
CASES = (
    ("hashrate", (9928, "rx/0"), "9.93_kH/s"), ("hashrate", (999.96, ""), "1.00_kH/s"), ("hashrate", (2.2e11, "sha256d"), "220_GH/s"),
    ("hashrate", (41.5, "equihash"), "41.5_Sol/s"), ("hashrate", (0, ""), "–"), ("hashrate", (None, ""), "–"), ("hashrate", ("x", ""), "–"),
    ("hashrate", (1e30, ""), "1000000000000_EH/s"), ("relativeError", (0.0812,), "±_8_%"), ("relativeError", (0,), ""),
    ("bytes", (27451392,), "27.5_MB"), ("bytes", (0,), "0_B"), ("bits", (9120033,), "9.12_Mbit/s"), ("count", (99999,), "99,999"),
    ("count", (1234567,), "1.23_M"), ("share", (0.41,), "41_%"), ("share", (0.00001,), "< 0.01_%"), ("share", (0,), "0_%"),
    ("money", (5.5102, "USD"), "$5.51"), ("money", (1234.5, "EUR"), "€1,235"), ("money", (0.001, "USD"), "< $0.01"), ("money", (2, "no such"), "2.00_no such"),
    ("money", (None, "USD"), "–"), ("moneyRound", (60, "USD"), "$60"), ("moneyRound", (2.5, "USD"), "$2.50"), ("moneyRound", (0, "USD"), "$0"),
    ("duration", (45,), "45_s"), ("duration", (302,), "5_min 2_s"), ("duration", (3600,), "1_h 0_min"), ("duration", (200000,), "2_d 7_h"), ("duration", (-1,), "–"),
    ("ago", (100, 100.4), "now"), ("ago", (100, 130), "30_s ago"), ("ago", (100, 4000), "1_h ago"), ("ago", (0, 4000), "–"),
    ("utc", (1767605710,), "2026-01-05 09:35:10 UTC"), ("utc", (0,), ""), ("utc", (1e300,), ""), ("time", (1767605710, 1767609310), "10:35:10"),
    ("time", (1767605710, 1768609310), "5 Jan, 10:35"), ("shorten", ("44AFFq5kSiGBoZ4NMDwYtN18obc8", 9), "44AF…obc8"), ("plural", (1, "miner"), "1 miner"),
    ("plural", (1200, "miner"), "1,200 miners"),
)
ROUTES = (
    ("#/incidents?coin=XMR&q=a%20b", ["incidents", [], {"coin": "XMR", "q": "a b"}]), ("", ["overview", [], {}]),
    ("#/incident/edge1/0a%2Fb", ["incident", ["edge1", "0a/b"], {}]), ("#/incident/%E0%A4%A/x", ["incident", ["%E0%A4%A", "x"], {}]),
)


def check_format(results, stage, page):
    page.open(stage.address)
    page.wait("document.querySelector('h1')")
    for name, arguments, wanted in CASES:
        got = page.run("import('/format.js').then(m => m.%s(...%s))" % (name, json.dumps(arguments)))
        results.check("format: %s%s" % (name, arguments), got == wanted.replace("_", NARROW), [got, wanted])
    for address, wanted in ROUTES:
        got = page.run("import('/route.js').then(m => (r => [r.view, r.path, Object.fromEntries(r.query)])(m.readRoute(%s)))" % json.dumps(address))
        results.check("address: %s" % (address or "none"), got == wanted, [got, wanted])
    built = page.run("import('/route.js').then(m => m.link('incident', ['a/b', '<x>'], {q: '&', none: ''}))")
    results.check("address: what is put into one is escaped", built == "#/incident/a%2Fb/%3Cx%3E?q=%26", built)
    for target in ("javascript:alert(1)", "//evil.example/", "http://evil.example/"):
        refused = page.run("import('/dom.js').then(m => { try { m.element('a', {href: %s}); return false; } catch { return true; } })" % json.dumps(target))
        results.check("dom: no link to %s can be made" % target, refused)
    refused = page.run("import('/dom.js').then(m => { try { m.element('p', {style: 'color: red'}); return false; } catch { return true; } })")
    results.check("dom: no style attribute can be made", refused)
