# SPDX-License-Identifier: Apache-2.0
"""What the views show and do, with sensors whose words are known."""
import json
import time

from stage import wait_for

ROWS = "[...document.querySelectorAll('tr[data-row]')]"
XMR = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
UNITS = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def texts(page, key):
    """What the rows that are made now have in a column: the first line of each cell."""
    return page.run("%s.map(row => row.querySelector('[data-key=%s]').firstElementChild.textContent)" % (ROWS, key))


def truth(stage):
    """Active machines, their cost an hour and coins, from Redis itself."""
    machines, cost, coins = set(), 0.0, set()
    for name in stage.sensors:
        for identifier in stage.redis("ZRANGE", "geophone:{%s}:incidents" % name, 0, -1):
            flat = stage.redis("HGETALL", "geophone:{%s}:incident:%s" % (name, identifier))
            row = dict(zip(flat[::2], flat[1::2]))
            if row["state"] == "active" and row["kind"] != "pool-contact":
                machines.add(row["miner_ip"])
                cost += float(row["cost_hour"])
                coins.add(row["coin"])
    return len(machines), cost, coins


def number(text):
    """The value of "$5.51" or "9.66 TH/s"; an unknown one is less than all others."""
    digits = "".join(letter for letter in text if letter in "0123456789.")
    unit = text[len(text.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/")) :][:1]
    return float(digits) * UNITS.get(unit, 1) if digits else -1


def check_overview(results, stage, page):
    began = time.monotonic()
    page.open(stage.address)
    machines, cost, coins = truth(stage)
    headline = page.wait("(t => t.includes('mining') && t)(document.querySelector('h1').textContent)")
    took = time.monotonic() - began
    results.check(
        "overview: the headline says how many machines mine",
        headline and headline.startswith("%d machines are mining, for about $" % machines),
        [headline, machines],
    )
    print("        first data after %.2f s" % took)
    shown = page.run("document.querySelector('.glance-value').textContent")
    results.check("overview: active miners are those of Redis", shown == str(machines), [shown, machines])
    money = page.run("document.querySelectorAll('.glance-value')[2].textContent")
    results.check("overview: cost an hour is that of Redis", abs(number(money) - cost) < 0.02, [money, cost])
    listed = page.run("[...document.querySelectorAll('.coin-name')].map(n => n.textContent)")
    results.check(
        "overview: hash rates by coin", set(listed) <= coins | {"unknown coin"} and "XMR" in listed, [listed, coins]
    )
    results.check(
        "overview: sensors alive", page.run("document.querySelectorAll('.glance-value')[3].textContent") == "3 of 3"
    )
    results.check(
        "overview: it says that it is live, and since when",
        page.wait("/^Live · (now|\\d+\\s?s ago)$/.test(document.getElementById('live-text').textContent)"),
        page.run("document.getElementById('live-text').textContent"),
    )
    results.check("overview: latest alerts", page.run("document.querySelectorAll('.alert-line').length") >= 5)
    results.check(
        "overview: pools, wallets and networks", page.wait("document.querySelectorAll('.bars li').length >= 8")
    )
    results.check(
        "overview: times have UTC in their title",
        page.run("[...document.querySelectorAll('time')].every(t => / UTC\\)$/.test(t.title))"),
    )
    results.check(
        "overview: charts are drawn, and told in words",
        drawn(page, "canvas:not([hidden])", 2)
        and page.run(
            "[...document.querySelectorAll('canvas:not([hidden])')].every(c => /at the end, at most/.test(c.ariaLabel))"
        ),
    )


# canvases that hold more than one colour: one that nothing was drawn on is all alike
DRAWN = """[...document.querySelectorAll(%s)].filter(canvas => { if (!canvas.width || !canvas.height) return false;
    const copy = Object.assign(document.createElement('canvas'), {width: canvas.width, height: canvas.height});
    const context = copy.getContext('2d', {willReadFrequently: true}), seen = new Set();
    context.drawImage(canvas, 0, 0);
    const data = context.getImageData(0, 0, copy.width, copy.height).data;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3]) seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
    return seen.size > 3; }).length >= %d"""


def drawn(page, selector, count):
    return page.wait(DRAWN % (json.dumps(selector), count))


def check_newcomer(results, stage, page):
    """An incident appears while somebody looks, without reload."""
    page.open(stage.address + "#/incidents")
    page.wait(ROWS + ".length >= 9")
    page.run("window.stayed = true")
    before = page.run("document.getElementById('matched').textContent")
    began = time.monotonic()
    stage.start_sensor("branch", "newcomer.txt", time.time() - 10)
    there = page.wait("document.querySelector('main').textContent.includes('192.0.2.200')")
    print("        shown %.1f s after its sensor was started" % (time.monotonic() - began))
    results.check("live: an incident appears without reload", there and page.run("window.stayed === true"))
    results.check(
        "live: its number grows",
        page.wait("document.getElementById('matched').textContent !== %s" % json.dumps(before)),
        before,
    )


def sorted_rates(page, falls):
    """The hash rates in their order, when they have come to be in that, or still are not."""
    def rates():
        return [number(text) for text in texts(page, "hashrate")]
    wait_for(lambda: rates() == sorted(rates(), reverse=falls))
    return rates()


def check_incidents(results, stage, page):
    page.open(stage.address + "#/incidents")
    count = page.wait(ROWS + ".length")
    page.run(
        """(() => { const box = document.getElementById('filter-coin'); box.value = 'BTC'; box.dispatchEvent(new Event('change')); })()"""
    )
    page.wait("/ of /.test(document.getElementById('matched').textContent)")
    wait_for(lambda: set(texts(page, "coin")) == {"BTC"})
    coins = texts(page, "coin")
    results.check("incidents: filter by coin", coins and set(coins) == {"BTC"} and len(coins) < count, coins)
    results.check("incidents: the filter stands in the address", page.run("location.hash").endswith("coin=BTC"))
    other = page.browser.page()
    other.open(page.run("location.href"))
    other.wait("/ of /.test(document.getElementById('matched').textContent)")
    wait_for(lambda: texts(other, "coin") == coins)
    results.check(
        "incidents: the link shows another person the same",
        texts(other, "coin") == coins and other.run("document.getElementById('filter-coin').value") == "BTC",
        texts(other, "coin"),
    )
    other.close()
    page.click("#clear")
    page.wait("!/ of /.test(document.getElementById('matched').textContent)")
    results.check("incidents: clearing shows all again", wait_for(lambda: len(texts(page, "coin")) == count))

    page.click("#search")
    page.type("shop-web")
    page.wait("/ of /.test(document.getElementById('matched').textContent)")
    wait_for(lambda: sorted(set(texts(page, "miner_ip"))) == ["shop-web-3", "shop-web-4"])
    found = texts(page, "miner_ip")
    results.check("incidents: search by the instance's name", sorted(set(found)) == ["shop-web-3", "shop-web-4"], found)
    page.run("document.getElementById('clear').click()")
    page.wait("!/ of /.test(document.getElementById('matched').textContent)")
    page.click("th[data-key=hashrate] button")
    page.wait("document.querySelector('th[data-key=hashrate]').ariaSort === 'descending'")
    rates = sorted_rates(page, True)
    results.check(
        "incidents: sorted by hash rate, largest first",
        len(rates) == count and rates == sorted(rates, reverse=True),
        rates,
    )
    page.click("th[data-key=hashrate] button")
    page.wait("document.querySelector('th[data-key=hashrate]').ariaSort === 'ascending'")
    rates = sorted_rates(page, False)
    results.check(
        "incidents: and the other way round",
        rates == sorted(rates) and "sort=hashrate" in page.run("location.hash"),
        rates,
    )


def check_detail(results, stage, page):
    page.open(stage.address + "#/incidents?q=shop-web-3&coin=XMR")
    page.wait(ROWS + ".length === 1")
    page.run("document.querySelector('tr[data-row] [data-key=coin]').click()")
    heading = page.wait("document.querySelector('.story') && document.querySelector('h1').textContent")
    results.check("detail: a click on a row opens it", heading == "shop-web-3 mines XMR", heading)
    story = page.run("document.querySelector('.story').textContent")
    results.check(
        "detail: the story in words",
        all(part in story for part in ("10.20.4.11", "gulf.moneroocean.stream:20128", "accepted 1", "kH/s", "an hour")),
        story,
    )
    results.check(
        "detail: evidence in words, with points", page.run("document.querySelectorAll('.evidence li').length") >= 8
    )
    results.check("detail: what to do next", page.run("document.querySelectorAll('.advice li').length") >= 2)
    words = page.run("document.querySelector('main').textContent")
    results.check(
        "detail: wallet, instance, account, region, country and network",
        all(
            word in words
            for word in (
                XMR,
                "i-0a11c0ffee0000011",
                "c7i.24xlarge",
                "111122223333",
                "eu-north-1",
                "FR",
                "AS64496 Example Hosting",
            )
        ),
        words[:1500],
    )
    related = page.run("[...document.querySelectorAll('.related tbody th a')].map(a => a.textContent)")
    results.check(
        "detail: the same wallet on other sensors, accounts and regions",
        {"shop-web-4", "ci-runner-7", "192.0.2.17"} <= set(related),
        related,
    )
    results.check("detail: hash rate and shares over time are drawn", drawn(page, "canvas:not([hidden])", 2))
    page.call("Browser.grantPermissions", permissions=["clipboardReadWrite"], origin=stage.address[:-1])
    page.run("document.querySelector('button[aria-label=%s]').click()" % json.dumps("Copy " + XMR))
    copied = page.wait("navigator.clipboard.readText()")
    results.check("detail: identifiers are copied whole", copied == XMR, copied)
    page.run("document.querySelector('.button.with-icon').click()")
    copied = page.wait("navigator.clipboard.readText().then(text => text !== %s && text)" % json.dumps(XMR))
    results.check(
        "detail: all of it as text, for a ticket",
        "shop-web-3 mines XMR" in copied and XMR in copied and "Why:" in copied,
        copied,
    )
    page.click(".back")
    page.wait(ROWS + ".length === 1")
    results.check(
        "detail: the way back leads to the same list",
        page.run("location.hash") == "#/incidents?q=shop-web-3&coin=XMR",
        page.run("location.hash"),
    )
    page.open(stage.address + "#/incident/headquarters/0000000000000000")
    results.check(
        "detail: an incident that is no more is told so",
        page.wait("document.querySelector('main').textContent.includes('not known')"),
    )


def check_trends(results, stage, page):
    page.open(stage.address + "#/trends")
    results.check(
        "trends: traffic, packets, flows, miners, alerts, hash rate, cost", drawn(page, "canvas:not([hidden])", 7)
    )
    page.run(
        "(() => { const box = document.getElementById('trend-sensor'); box.value = 'headquarters'; box.dispatchEvent(new Event('change')); })()"
    )
    results.check(
        "trends: of one sensor, in the address",
        page.wait("location.hash === '#/trends?sensor=headquarters'") and drawn(page, "canvas:not([hidden])", 5),
    )
    page.run("[...document.querySelectorAll('.choice a')].find(a => a.textContent === '1 day').click()")
    results.check(
        "trends: of a day",
        page.wait(
            "location.hash.includes('span=86400') && document.querySelector('.choice [aria-current]').textContent === '1 day'"
        ),
    )
    page.open(stage.address + "#/sensors")
    names = page.wait(
        "(all => all.length >= 3 && all)([...document.querySelectorAll('.sensor h2')].map(n => n.textContent))"
    )
    results.check(
        "sensors: each with its state and quality",
        names
        and {"headquarters", "aws-eu-north-1", "aws-us-east-1"} <= set(names)
        and page.run(
            "[...document.querySelectorAll('.sensor')].every(s => s.querySelector('.life') && s.querySelectorAll('dd').length === 8)"
        ),
        names,
    )


def check_keyboard(results, stage, page):
    """From the first key to the story of an incident without a mouse; each stop can be seen."""
    page.open(stage.address + "#/overview")
    page.wait("document.querySelectorAll('.alert-line').length > 0")

    def tab_to(condition, most=60):
        for _ in range(most):
            page.press("Tab")
            if page.run("(at => !!(%s))(document.activeElement)" % condition):
                return True
        return False

    page.press("Tab")
    results.check(
        "keyboard: the first stop skips to the content", page.run("document.activeElement.className === 'skip'")
    )
    results.check("keyboard: navigation is reached", tab_to("at.dataset.view === 'incidents'", 8))
    outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
    results.check("keyboard: where one is can be seen", outline == "solid", outline)
    page.press("Enter")
    page.wait(ROWS + ".length > 3")
    results.check("keyboard: the new view has the focus", page.run("document.activeElement.id") == "main")
    results.check("keyboard: the search is reached", tab_to("at.id === 'search'", 3))
    page.type("XMR")
    page.wait("/ of /.test(document.getElementById('matched').textContent)")
    results.check("keyboard: a filter is reached", tab_to("at.id === 'filter-coin'", 5))
    results.check(
        "keyboard: the order of a column is changed",
        tab_to("at.closest('th') && at.closest('th').dataset.key === 'cost_hour'", 20),
    )
    page.press("Enter")
    page.wait("document.querySelector('th[data-key=cost_hour]').ariaSort")
    results.check(
        "keyboard: the focus stays on the column",
        page.run("document.activeElement.closest('th')?.dataset.key") == "cost_hour",
    )
    results.check("keyboard: rows are reached", tab_to("at.closest('tr[data-row]')", 5))
    first = page.run("document.activeElement.closest('tr').ariaRowIndex")
    page.press("ArrowDown")
    second = page.run("document.activeElement.closest('tr')?.ariaRowIndex")
    page.press("End")
    last = page.run("document.activeElement.closest('tr')?.ariaRowIndex")
    results.check(
        "keyboard: arrows go from row to row",
        [first, second] == ["2", "3"] and last == page.run("document.querySelector('table').ariaRowCount"),
        [first, second, last],
    )
    page.press("Home")
    page.press("Enter")
    results.check(
        "keyboard: Enter opens the incident", page.wait("document.querySelector('.story')"), page.run("location.hash")
    )


def check_hostile(results, stage, page):
    """Names that attackers chose do nothing, in whatever view, and are shown as text."""
    stage.start_sensor("hostile", "hostile.txt", time.time() - 60)
    page.open(stage.address + "#/incidents?sensor=hostile")
    page.wait(ROWS + ".length >= 4")
    words = page.run("document.querySelector('main').textContent")
    results.check("hostile names: the table shows them as text", "<script>" in words or "<img" in words, words[:800])
    stories = []
    for target in page.run(ROWS + ".map(row => row.querySelector('a').getAttribute('href'))"):
        page.open(stage.address + target)
        page.wait("document.querySelector('.story')")
        page.settle(0.3)
        stories.append(page.run("document.querySelector('main').textContent"))
    whole = "\n".join(stories)
    for name in (
        "<script>window.pwned=1</script>",
        "<img src=x onerror=window.pwned=2>",
        "javascript:window.pwned=4",
        'cgminer/4.11.1"><script>window.pwned=6</script>',
        "=cmd|' /C calc'!A0",
    ):
        results.check("hostile names: %s is text" % name, name in whole, whole[:1500])
    for view in (
        "overview",
        "trends",
        "sensors",
        "incidents?q=%3Cscript%3E",
        "incidents?coin=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&wallet=javascript:alert(1)",
        "incident/%3Cscript%3E/..%2F..%2Flogin",
        "%3Cscript%3E",
        "trends?sensor=%3Cb%3E&span=-1",
    ):
        page.open(stage.address + "#/" + view)
        page.wait("document.querySelector('main h1, main .empty-title')")
        page.settle(0.4)
        made = page.run(
            "document.querySelectorAll('main script, main img, main iframe, main object, main style, main b, main i, [onload], [onerror]').length"
        )
        links = page.run(
            "[...document.querySelectorAll('a')].filter(a => a.origin !== location.origin || !/^[#/]/.test(a.getAttribute('href'))).length"
        )
        results.check(
            "hostile names: nothing of them is an element or a link in %s" % view,
            made == 0 and links == 0,
            [made, links],
        )
    results.check("hostile names: no script of theirs ran", page.run("window.pwned === undefined"))
    results.check("hostile names: Redis still holds what it held", stage.incidents("headquarters") >= 4)


def check_currencies(results, stage, page):
    """Costs in two currencies are not drawn as one sum; those of one sensor are, in its own."""
    name = stage.redis("ZRANGE", "geophone:{headquarters}:incidents", 0, 0)[0]
    flat = stage.redis("HGETALL", "geophone:{headquarters}:incident:" + name)
    row = dict(zip(flat[::2], flat[1::2]))
    row.update(incident="abc00000000000e0", miner_ip="10.98.0.1", kind="stratum", state="active", sanctioned="0")
    row.update(cost_hour="7", cost_total="70", cost_currency="EUR")
    now, own = time.time(), "geophone:{paris}:"
    stage.redis("HSET", own + "incident:" + row["incident"], *(word for pair in row.items() for word in pair))
    stage.redis("ZADD", own + "incidents", now, row["incident"])
    for ago in range(60, 0, -10):
        stage.redis("XADD", own + "ts", "*", "time", now - ago, "pps", 1, "hashrate", 5, "cost_hour", 7)
    stage.redis("ZADD", "geophone:sensors", now, "paris")
    for view in ("overview", "trends"):
        page.open(stage.address + "#/" + view)
        results.check(
            "currencies: %s does not add euros to dollars" % view,
            page.wait("[...document.querySelectorAll('.empty-chart')].some(p => !p.hidden && p.textContent.includes('EUR and USD'))"),
            page.run("document.querySelector('main').textContent"),
        )
    results.check(
        "currencies: a sum over coins says what it is",
        page.wait("document.querySelector('main').textContent.includes('different coins are different work')"),
    )
    for sensor, amount in (("paris", "€7"), ("headquarters", "$")):
        page.open(stage.address + "#/trends?sensor=" + sensor)
        told = page.wait(
            "[...document.querySelectorAll('canvas:not([hidden])')].map(c => c.ariaLabel || '')"
            ".find(t => t.startsWith('Cost an hour.') && t.includes(': %s'))" % amount
        )
        results.check("currencies: costs of %s are in its own" % sensor, told, page.run("document.querySelector('main').textContent"))
    stage.redis("ZREM", "geophone:sensors", "paris")
    stage.redis("DEL", own + "incidents", own + "ts", own + "incident:" + row["incident"])


def check_long(results, stage, page):
    """Thousands of incidents: only the rows in view are made."""
    name = stage.redis("ZRANGE", "geophone:{headquarters}:incidents", 0, 0)[0]
    flat = stage.redis("HGETALL", "geophone:{headquarters}:incident:" + name)
    row = dict(zip(flat[::2], flat[1::2]))
    now = time.time()
    for at in range(2000):
        identifier = "%016x" % (0xABC0000000000000 + at)
        row.update(
            incident=identifier,
            miner_ip="10.99.%d.%d" % (at // 250, at % 250 + 1),
            state="closed",
            worker="bulk-%d" % at,
        )
        stage.redis("HSET", "geophone:{bulk}:incident:" + identifier, *(word for pair in row.items() for word in pair))
        stage.redis("ZADD", "geophone:{bulk}:incidents", now - 7200 + at, identifier)
    stage.redis("ZADD", "geophone:sensors", now, "bulk")
    page.open(stage.address + "#/incidents?sensor=bulk")
    whole = page.wait("/^2,000 of/.test(document.getElementById('matched').textContent)")
    results.check(
        "long table: 2,000 incidents of a sensor are there",
        whole,
        page.run("document.getElementById('matched')?.textContent"),
    )
    page.wait(ROWS + ".length > 5")
    results.check(
        "long table: only what is in view is made", page.run(ROWS + ".length") < 60, page.run(ROWS + ".length")
    )
    page.run("window.scrollTo(0, document.documentElement.scrollHeight)")
    end = page.wait("(r => r.length && r.at(-1).ariaRowIndex === '2001')(%s)" % ROWS)
    results.check(
        "long table: its end is reached",
        end and page.run(ROWS + ".length") < 60,
        page.run(ROWS + ".map(r => r.ariaRowIndex)"),
    )
    stage.redis("ZREM", "geophone:sensors", "bulk")
    keys = ["geophone:{bulk}:incident:%016x" % (0xABC0000000000000 + at) for at in range(2000)]
    stage.redis("DEL", "geophone:{bulk}:incidents", *keys)
