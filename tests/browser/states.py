# SPDX-License-Identifier: Apache-2.0
"""What the page says where something is missing: nothing yet, no Redis, no server, a lock."""
import os
import time

NOTICE = "(n => !n.hidden && n.textContent)(document.getElementById('notice'))"
STATE = "document.getElementById('live').dataset.state"


def check_empty(results, stage, page):
    """Before any sensor has written."""
    for view, words in (
        ("overview", "No sensor has reported yet"),
        ("incidents", "No incident"),
        ("sensors", "No sensor has written to this Redis yet"),
        ("trends", "No sensor wrote statistics in this time"),
    ):
        page.open(stage.address + "#/" + view)
        results.check(
            "empty: %s says so" % view,
            page.wait("document.querySelector('main').textContent.includes('%s')" % words),
            page.run("document.querySelector('main').textContent"),
        )
    results.check("empty: it is live all the same", page.wait(STATE + " === 'live'"), page.run(STATE))


def check_redis_restart(results, stage, page):
    page.open(stage.address + "#/incidents")
    page.wait("document.querySelectorAll('tr[data-row]').length > 3")
    page.run("window.stayed = true")
    rows = page.run("document.querySelectorAll('tr[data-row]').length")
    stage.redis.stop()
    results.check(
        "Redis is away: the page says so, and since when",
        page.wait(STATE + " === 'redis'")
        and page.wait("/^Redis does not answer since \\d\\d:\\d\\d:\\d\\d/.test(%s)" % NOTICE),
        [page.run(STATE), page.run(NOTICE)],
    )
    results.check(
        "Redis is away: what was known stays", page.run("document.querySelectorAll('tr[data-row]').length") == rows
    )
    results.check(
        "Redis is away: screen readers are told",
        page.run("document.getElementById('announce').textContent").startswith("Redis does not answer"),
    )
    other = page.browser.page()
    other.open(stage.address)
    results.check(
        "Redis is away: who comes now is told, too",
        other.wait("/^Redis does not answer/.test(%s)" % NOTICE),
        other.run(NOTICE),
    )
    results.check(
        "Redis is away: and sees what was known",
        other.wait("/machines? (is|are) mining/.test(document.querySelector('h1').textContent)"),
        other.run("document.querySelector('main').textContent"),
    )
    other.close()
    stage.redis.start()
    results.check(
        "Redis is back: the page is live again, without reload",
        page.wait(STATE + " === 'live'") and not page.run(NOTICE) and page.run("window.stayed === true"),
        page.run(STATE),
    )
    results.check(
        "Redis is back: incidents are there",
        page.wait("document.querySelectorAll('tr[data-row]').length >= %d" % rows),
        page.run("document.querySelector('main').textContent"),
    )


def check_server_restart(results, stage, page):
    page.open(stage.address + "#/overview")
    page.wait(STATE + " === 'live'")
    page.run("window.stayed = true")
    stage.stop_dashboard()
    results.check(
        "no server: the page says so",
        page.wait(STATE + " === 'offline'") and page.wait("/does not answer/.test(%s)" % NOTICE),
        page.run(NOTICE),
    )
    stage.start_dashboard()
    results.check(
        "the server is back: the page is live again, without reload",
        page.wait(STATE + " === 'live'") and page.run("window.stayed === true") and not page.run(NOTICE),
        [page.run(STATE), page.run(NOTICE)],
    )


def check_lock(results, stage, page):
    token = os.path.join(stage.folder, "token")
    with open(token, "w", encoding="ascii") as file:
        file.write("correct-horse-battery-staple-0123456789\n")
    os.chmod(token, 0o600)
    stage.stop_dashboard()
    stage.start_dashboard("--token-file", token)
    page.open(stage.address + "#/incidents")
    results.check(
        "a token is needed: the page asks for it",
        page.wait("document.getElementById('token') && document.querySelector('h1').textContent.includes('locked')"),
        page.run("document.querySelector('main').textContent"),
    )
    results.check("locked: nothing is told", page.run("document.querySelectorAll('tr[data-row]').length") == 0)
    page.type("wrong")
    page.press("Enter")
    results.check(
        "a wrong token: a sentence", page.wait("document.getElementById('token-error').textContent.length > 10")
    )
    page.run("document.getElementById('token').value = ''; document.getElementById('token').focus()")
    page.type("correct-horse-battery-staple-0123456789")
    page.press("Enter")
    results.check(
        "the right token: the view that was asked for",
        page.wait("document.querySelectorAll('tr[data-row]').length > 3"),
        page.run("document.querySelector('main').textContent"),
    )
    results.check("the right token: and its changes", page.wait(STATE + " === 'live'"), page.run(STATE))
    page.call("Network.clearBrowserCookies")
    stage.stop_dashboard()
    stage.start_dashboard()
    time.sleep(0.2)
