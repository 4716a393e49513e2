// SPDX-License-Identifier: Apache-2.0
/*
 * How the report looks: light and dark, on a phone, on paper.
 */
#include "sink/report/report_page.h"

/* clang-format off */
const char report_style[] =
    /* colours */
    ":root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--ground:#fff;--card:#f6f8fa;--line:#d0d7de;"
    "--link:#0550ae;--red:#b42318;--amber:#8a5a00;--blue:#0b6477}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9ba5b0;--ground:#0d1117;--card:#161b22;"
    "--line:#30363d;--link:#79b8ff;--red:#ff8a80;--amber:#f0c060;--blue:#6fd3e8}}\n"
    ".dim{color:var(--dim)}.confirmed{color:var(--red)}.likely{color:var(--amber)}"
    ".suspected{color:var(--blue)}\n"
    /* text */
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:68rem;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}\n"
    "h1{font-size:2rem;line-height:1.2;margin:.2rem 0 1rem}"
    "h2{font-size:1.3rem;margin:2.2rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--line)}"
    "h3{font-size:1.05rem;margin:1.2rem 0 .4rem}h4{font-size:.95rem;margin:1.2rem 0 .3rem}p{margin:.5rem 0}\n"
    "a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:var(--ground);padding:.5rem}\n"
    ".kicker{color:var(--dim);font-size:.9rem;margin:0;overflow-wrap:anywhere}\n"
    "code,input,pre{font:.9rem/1.45 ui-monospace,monospace}code{user-select:all;overflow-wrap:anywhere}"
    "pre{user-select:all;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);"
    "border:1px solid var(--line);border-radius:.4rem;padding:.5rem .8rem;margin:.4rem 0}\n"
    "ol{padding-left:1.4rem}li{margin:.35rem 0}\n"
    ".badge{font-weight:600;border:1px solid;border-radius:1rem;padding:.05rem .6rem;font-size:.85rem;"
    "white-space:nowrap}\n"
    /* at a glance */
    "dl{margin:.4rem 0}dl>div{display:flex;gap:1rem;padding:.15rem 0}dt{flex:0 0 9rem;color:var(--dim)}"
    "dd{margin:0;flex:1;min-width:0;overflow-wrap:anywhere}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.7rem;margin:1rem 0}"
    ".tiles>div{display:block;background:var(--card);border:1px solid var(--line);border-radius:.5rem;"
    "padding:.6rem .9rem}.tiles dd{font-size:1.15rem;font-weight:600;line-height:1.35}"
    ".tiles dd.dim{font-size:.85rem;font-weight:400}.tiles dt{font-size:.85rem}\n"
    ".lead{border-left:.3rem solid;padding:.1rem 0 .1rem 1rem;margin:1rem 0}.lead p:first-child{"
    "color:var(--ink);font-size:1.08rem}\n"
    /* miners and incidents */
    "article{border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.2rem 1rem 1rem;"
    "margin:1rem 0}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.93rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid "
    "var(--line)}th{color:var(--dim);font-weight:500;white-space:nowrap}"
    "td{min-width:3.5rem}.k,td code{white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".copy label{display:flex;gap:1rem;padding:.15rem 0}.copy span{flex:0 0 9rem;color:var(--dim)}"
    ".copy input{min-width:0;max-width:100%;border:1px solid var(--line);border-radius:.3rem;"
    "background:var(--ground);color:var(--ink);padding:.1rem .4rem}\n"
    "svg{display:block;width:100%;height:auto;max-width:44rem}svg.when{width:7.5rem;margin-top:.2rem}"
    "svg text{fill:var(--dim);font:11px system-ui,sans-serif}.axis{stroke:var(--line);fill:none}"
    ".bar{fill:var(--blue)}.curve{stroke:var(--blue);fill:none;stroke-width:2}.span{fill:var(--line)}\n"
    /* a phone */
    "@media(max-width:36rem){dl>div,.copy label{flex-direction:column;gap:0}dt,.copy span{flex:none}"
    "h1{font-size:1.5rem}article{padding:.2rem .7rem .7rem}.tiles{grid-template-columns:1fr 1fr}}\n"
    /* paper */
    "@media print{@page{margin:15mm}"
    ":root{color-scheme:light;--ink:#000;--dim:#444;--ground:#fff;--card:#fff;--line:#bbb;--link:#000;"
    "--red:#900;--amber:#640;--blue:#045}body{max-width:none;padding:0;font-size:10pt}.skip{display:none}"
    "a{text-decoration:none}"
    ".tiles{grid-template-columns:repeat(3,1fr)}.tiles dd{font-size:11pt}"
    ".tiles>div,svg,tr,li,.lead,dl>div{break-inside:avoid}"
    "article{border:0;border-left:2px solid var(--line);border-radius:0;padding:0 0 0 .8rem}"
    "h2,h3,h4,thead{break-after:avoid}table{font-size:8.5pt}"
    ".copy input{border:0;padding:0;width:100%;font-size:7.5pt}"
    ".wide{overflow:visible}td{overflow-wrap:anywhere}.bar,.span{print-color-adjust:exact}}\n";
/* clang-format on */
