# SPDX-License-Identifier: Apache-2.0
"""How the page looks, and what it is to a screen reader: contrast, width, colours, names and landmarks; and the pictures for
the documents."""
import os
import shutil
import subprocess

VIEWS = ("overview", "incidents", "trends", "sensors")
READY = {
    "overview": "document.querySelectorAll('.bars li').length > 5",
    "incidents": "document.querySelectorAll('tr[data-row]').length > 5",
    "trends": "document.querySelectorAll('canvas:not([hidden])').length > 5",
    "sensors": "document.querySelectorAll('.sensor').length > 2",
    "incident": "document.querySelector('.evidence')",
}

# texts whose contrast with what is behind them is less than WCAG 2.1 asks (4.5, large ones 3)
FAINT = """(() => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
  const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = rgb => { const [r, g, b] = rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = node => { const layers = []; for (let at = node; at; at = at.parentElement) { const colour = rgba(getComputedStyle(at).backgroundColor);
    if (colour[3] === 255) return colour; } return rgba(getComputedStyle(document.body).backgroundColor); };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
    if (!walk.currentNode.data.trim() || box.width < 2 || box.height < 2 || style.visibility === 'hidden' || node.closest('.unseen, .skip, :disabled')) continue;
    const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
    const [a, b] = [light(rgba(style.color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(ratio.toFixed(2) + ' ' + node.className + ': ' + walk.currentNode.data.slice(0, 30));
  }
  return [...new Set(found)].slice(0, 8);
})()"""

# what sticks out to the right; what scrolls for itself may
WIDE = """(() => { const out = [...document.querySelectorAll('body *')].filter(node => { const box = node.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1 && !node.closest('.scroll, .unseen, thead, .skip') && getComputedStyle(node).position !== 'absolute'; });
  return [document.documentElement.scrollWidth > innerWidth, out.slice(0, 5).map(node => node.tagName + '.' + node.className)]; })()"""


def incident_address(page, stage):
    page.open(stage.address + "#/incidents?q=shop-web-3&coin=XMR")
    page.wait("document.querySelectorAll('tr[data-row]').length === 1")
    return page.run("document.querySelector('tr[data-row] a').getAttribute('href')")


def go(page, stage, target):
    page.open(stage.address + target)
    view = target[2:].split("/")[0].split("?")[0]
    page.wait(READY[view])
    page.settle(0.4)
    return view


def check_looks(results, stage, page):
    story = incident_address(page, stage)
    for width, height, phone in ((1280, 800, False), (390, 844, True)):
        for dark in (False, True):
            name = "%s, %s" % ("phone" if phone else "laptop", "dark" if dark else "light")
            other = page.browser.page(width, height, 1, dark, phone)
            for target in ["#/" + view for view in VIEWS] + [story]:
                view = go(other, stage, target)
                faint = other.run(FAINT)
                results.check("%s: %s: all text has contrast enough" % (name, view), faint == [], faint)
                wide = other.run(WIDE)
                results.check("%s: %s: nothing sticks out to the right" % (name, view), wide == [False, []], wide)
            complaints = other.complaints()
            results.check("%s: the console is silent" % name, not complaints, complaints)
            other.close()


def check_colours(results, stage, page):
    go(page, stage, "#/overview")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.colours(True)
    dark = page.wait("(colour => colour !== '%s' && colour)(%s)" % (light, ground))
    results.check("colours: dark where the system is", dark == "rgb(14, 17, 22)", [light, dark])
    page.colours(False)
    page.run("document.getElementById('theme').click(); document.getElementById('theme').click()")
    results.check("colours: the switch goes to dark", page.run(ground) == dark, page.run(ground))
    page.run("window.before = true")
    page.call("Page.reload")
    results.check("colours: and is remembered", page.wait("!window.before && %s === '%s'" % (ground, dark)))
    page.settle(0.5)
    page.run("document.getElementById('theme').click()")
    results.check("colours: and back to the system's", page.run(ground) == light)


def check_meaning(results, stage, page):
    """What a screen reader gets: landmarks, one heading of the first rank, tables, and a name for whatever has the focus."""
    story = incident_address(page, stage)
    page.call("Accessibility.enable")
    for target in ["#/" + view for view in VIEWS] + [story]:
        view = go(page, stage, target)
        nodes = [node for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
        roles = [node["role"]["value"] for node in nodes]
        results.check(
            "meaning: %s has its landmarks and one first heading" % view,
            {"banner", "navigation", "main", "contentinfo"} <= set(roles)
            and page.run("document.querySelectorAll('h1').length") == 1,
            sorted(set(roles)),
        )
        nameless = [
            node["role"]["value"]
            for node in nodes
            if node["role"]["value"] in ("button", "link", "searchbox", "textbox", "combobox", "table", "image", "img")
            and not node.get("name", {}).get("value", "").strip()
        ]
        results.check("meaning: %s: all that can be used has a name" % view, not nameless, nameless)
        if view == "incidents":
            results.check(
                "meaning: incidents are a table with headings",
                {"table", "row", "columnheader", "rowheader", "cell"} <= set(roles),
                sorted(set(roles)),
            )
        results.check(
            "meaning: %s: the title names the view" % view,
            page.run("document.title").endswith(" · geophone"),
            page.run("document.title"),
        )
    page.call("Accessibility.disable")


def take_pictures(results, stage, browser, folder):
    """Pictures of every view; --pictures DIRECTORY puts those that documents show there, compressed."""
    page = browser.page()
    story = incident_address(page, stage)
    page.close()
    for name, target, width, height, dark, phone in (
        ("dashboard-overview", "#/overview", 1360, 1010, False, False),
        ("dashboard-overview-dark", "#/overview", 1360, 1010, True, False),
        ("dashboard-incidents", "#/incidents", 1360, 860, False, False),
        ("dashboard-incident", story, 1360, 1180, False, False),
        ("dashboard-incident-dark", story, 1360, 1180, True, False),
        ("dashboard-trends", "#/trends", 1360, 1180, False, False),
        ("dashboard-sensors", "#/sensors", 1360, 620, False, False),
        ("dashboard-phone", "#/overview", 390, 844, False, True),
        ("dashboard-phone-dark", story, 390, 844, True, True),
    ):
        page = browser.page(width, height, 2 if phone else 1.25, dark, phone)
        go(page, stage, target)
        page.settle(0.6)
        path = os.path.join(folder, name + ".png")
        page.picture(path)
        page.close()
        compress(path)
        size = os.path.getsize(path)
        results.check("picture %s is small" % name, 10000 < size < 150000, size)


def compress(path):
    """With 256 colours, which screens of one design do well with."""
    if shutil.which("pngquant"):
        subprocess.run(
            ["pngquant", "--force", "--skip-if-larger", "--speed", "1", "--strip", "--output", path, "128", path],
            check=False,
        )
