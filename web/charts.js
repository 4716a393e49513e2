// SPDX-License-Identifier: Apache-2.0
// Time series on canvas, by Chart.js (from Debian's libjs-chart.js). It draws text instead of making markup
// of it, and needs neither eval nor styles in the page, so the strict content policy holds.

import {element, setText} from "./dom.js";
import {time, timeOfAxis, utc} from "./format.js";

const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
const probe = document.createElement("span");
const charts = new Set();

/** A colour of the style sheet, as the canvas wants it. */
function colour(name) {
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = "var(--" + name + ")";
  return getComputedStyle(probe).color;
}

function faded(value, alpha) { return value.replace(/^rgb\(([^)]*)\)$/, "rgba($1, " + alpha + ")"); }

/** Ticks at round moments of local time. */
function timeTicks(scale) {
  const span = scale.max - scale.min;
  const wanted = Math.max(2, Math.floor(scale.chart.canvas.parentNode.clientWidth / 80));
  const step = STEPS.find((candidate) => span / candidate <= wanted) || STEPS[STEPS.length - 1];
  const offset = new Date(scale.min * 1000).getTimezoneOffset() * 60;
  const ticks = [];
  for (let at = Math.ceil((scale.min - offset) / step) * step + offset; at <= scale.max && ticks.length < 50;
       at += step)
    ticks.push({value: at});
  scale.ticks = ticks;
}

function options(chart) {
  const faint = colour("ink-faint");
  const font = {family: getComputedStyle(document.body).fontFamily, size: 11};
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    parsing: false,
    interaction: {mode: "index", intersect: false, axis: "x"},
    elements: {point: {radius: 0, hoverRadius: 3, hitRadius: 6}, line: {borderWidth: 1.75, tension: 0}},
    scales: {
      x: {
        type: "linear",
        grid: {display: false},
        border: {display: false},
        afterBuildTicks: timeTicks,
        ticks: {
          color: faint,
          font,
          maxRotation: 0,
          autoSkip: false,
          callback(value) { return timeOfAxis(value, this.max - this.min); }
        },
      },
      y: {
        beginAtZero: true,
        grid: {color: colour("grid"), drawBorder: false, drawTicks: false},
        suggestedMax: chart.least || undefined,
        ticks: {color: faint, font, padding: 8, maxTicksLimit: 5, callback: (value) => chart.format(value)},
      },
    },
    plugins: {
      legend: {display: false},
      tooltip: {
        backgroundColor: colour("card-raised"),
        titleColor: colour("ink"),
        bodyColor: colour("ink-soft"),
        borderColor: colour("line"),
        borderWidth: 1,
        padding: 10,
        cornerRadius: 8,
        boxWidth: 8,
        boxHeight: 8,
        boxPadding: 5,
        titleFont: {...font, size: 12, weight: 600},
        bodyFont: {...font, size: 12},
        usePointStyle: true,
        callbacks: {
          title: (items) =>
              (items.length ? time(items[0].parsed.x) + "  (" + utc(items[0].parsed.x).slice(11) + ")" : ""),
          label: (item) => " " + item.dataset.label + "  " + chart.format(item.parsed.y),
        },
      },
    },
  };
}

function datasets(chart) {
  return chart.series.map((series, number) => {
    const line = colour(series.colour || "series-" + ((number % 6) + 1));
    return {
      label: series.name,
      data: series.points.filter((point) => point.y !== null),
      borderColor: line,
      backgroundColor: faded(line, 0.13),
      fill: chart.series.length === 1,
      spanGaps: chart.gap || 150,
      stepped: chart.stepped,
      pointBackgroundColor: line,
      pointRadius: series.points.length < 3 ? 3 : 0,
      borderDash: series.dash ? [4, 4] : undefined,
    };
  });
}

function inWords(chart) {
  const parts = chart.series.slice(0, 6).map((series) => {
    const values = series.points.filter((point) => point.y !== null);
    if (values.length === 0) return series.name + ": nothing yet";
    const highest = values.reduce((best, point) => (point.y > best.y ? point : best));
    return series.name + ": " + chart.format(values[values.length - 1].y) + " at the end, at most " +
        chart.format(highest.y) + " at " + time(highest.x);
  });
  return chart.title + ". " + parts.join(". ");
}

/**
 * A figure with heading, legend and drawing. description: {title, format, stepped, least, gap, empty}: how values are written,
 * whether they jump, the least height of the scale, the longest time without a point that is drawn over (true: any), what
 * stands where there is none; `empty` and `gap` may be changed later. update([{name, points: [{x: seconds, y}],
 * colour}], note, [from, to]) shows values.
 */
export function timeChart(description) {
  const chart = {...description, drawn: null};
  const canvas = element("canvas", {role: "img"});
  const legend = element("ul", {class: "legend", "aria-hidden": "true"});
  const note = element("p", {class: "figure-note"});
  const empty = element("p", {class: "empty-chart"}, description.empty || "Nothing yet.");
  const area = element("div", {class: "chart"}, canvas, empty);
  const heading = element(description.level || "h2", {}, description.title);
  const figure = element(
      "figure", {class: "card figure"}, element("div", {class: "figure-head"}, heading, note, legend), area);

  chart.draw = () => {
    const some = chart.series.some((series) => series.points.some((point) => point.y !== null));
    setText(empty, chart.empty || "Nothing yet.");
    empty.hidden = some;
    canvas.hidden = !some;
    if (!some || !canvas.isConnected || typeof Chart === "undefined") return;
    canvas.setAttribute("aria-label", inWords(chart));
    if (chart.drawn) {
      chart.drawn.options = options(chart);
      chart.drawn.data.datasets = datasets(chart);
      limits();
      chart.drawn.update("none");
    } else {
      chart.drawn =
          new Chart(canvas, {type: "line", data: {datasets: datasets(chart)}, options: options(chart)});
      limits();
      chart.drawn.update("none");
    }
  };
  function limits() {
    if (chart.range) [chart.drawn.options.scales.x.min, chart.drawn.options.scales.x.max] = chart.range;
  }
  chart.update = (series, said = "", range = null) => {
    chart.series = series;
    chart.range = range;
    note.textContent = said;
    legend.replaceChildren(...(series.length < 2 ?
            [] :
            series.map((one, number) => element("li",
                           {class: "swatch-" + (one.colour || "series-" + ((number % 6) + 1))}, one.name))));
    chart.draw();
  };
  chart.destroy = () => {
    if (chart.drawn) chart.drawn.destroy();
    charts.delete(chart);
  };
  charts.add(chart);
  chart.figure = figure;
  chart.series = chart.series || [];
  return chart;
}

/** After a change of colours. */
export function redrawCharts() {
  for (const chart of charts) chart.draw();
}

export function destroyCharts() {
  for (const chart of [...charts]) chart.destroy();
}
