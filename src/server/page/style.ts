// The page's whole style: one column of plain tables, in light and dark.
import { trusted } from "./html.ts";

export const STYLE = trusted(`
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfbfa, #14171a);
  --sheet: light-dark(#ffffff, #1b1f23);
  --text: light-dark(#1c2126, #e4e8eb);
  --quiet: light-dark(#5c6670, #9aa5af);
  --line: light-dark(#e3e6e8, #2d333a);
  --link: light-dark(#0b5cad, #7db8f5);
  --good: light-dark(#17663a, #6fce96);
  --good-ground: light-dark(#e4f4ea, #17301f);
  --late: light-dark(#8a4b00, #f0b35e);
  --late-ground: light-dark(#fdf0dc, #38280f);
  --bad: light-dark(#a3201d, #ff9d96);
  --bad-ground: light-dark(#fce8e6, #3d1a18);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 78rem; padding: 1.5rem 1.25rem 4rem;
  background: var(--ground); color: var(--text);
  font: 0.9375rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
a { color: var(--link); text-underline-offset: 0.15em; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; margin-bottom: 1.5rem; }
h1 { font-size: 1.375rem; margin: 0; letter-spacing: -0.01em; }
h1 a { color: inherit; text-decoration: none; }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
h2 small, .quiet { color: var(--quiet); font-weight: normal; }
header form { margin-left: auto; }
.notice { border: 1px solid var(--line); background: var(--sheet); border-radius: 0.5rem; padding: 0.75rem 1rem; }
caption, .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-size: 0.8125rem; font-weight: 500; white-space: nowrap; }
/* A name may be long and without a space: it is broken rather than push what is wrong with its record out of sight. */
tbody th { font-weight: 600; min-width: 10rem; max-width: 24rem; overflow-wrap: anywhere; }
tbody th small, td small { display: block; color: var(--quiet); font-weight: normal; font-size: 0.8125rem; }
.number { text-align: right; white-space: nowrap; }
.number.none { color: var(--quiet); }
.short { white-space: nowrap; }
code { font: 0.8125rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.state { display: inline-block; border-radius: 1rem; padding: 0 0.6rem; font-size: 0.8125rem; font-weight: 500; white-space: nowrap; }
.state { background: var(--line); }
.good { color: var(--good); background: var(--good-ground); }
.late { color: var(--late); background: var(--late-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: start; }
.actions form, .actions details { margin: 0; }
.actions details form { display: flex; gap: 0.4rem; margin-top: 0.4rem; }
button, input, summary {
  font: inherit; font-size: 0.875rem; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 0.375rem; padding: 0.2rem 0.7rem;
}
button, summary { cursor: pointer; list-style: none; }
button:hover, summary:hover { border-color: var(--quiet); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.25rem 1.5rem; margin: 0; }
dl div { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line); padding: 0.2rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
@media (max-width: 40rem) {
  body { padding: 1rem 0.75rem 3rem; }
  header form { display: flex; flex: 1 1 100%; gap: 0.4rem; margin: 0; }
  header input { flex: 1; min-width: 0; }
  h2 small { display: block; }
  td { min-width: 10rem; }
  td.number, td.short { min-width: 0; }
  /* Why a record waits is read without scrolling sideways. */
  .stacks table, .stacks tbody, .stacks tr, .stacks tbody th, .stacks td { display: block; max-width: none; }
  .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stacks tr { padding: 0.5rem 0.75rem; border-top: 1px solid var(--line); }
  .stacks tbody tr:first-child { border-top: 0; }
  .stacks tbody th, .stacks td { padding: 0.2rem 0; border-top: 0; overflow-wrap: anywhere; }
  .stacks td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
  .stacks td.short small { display: inline; margin-left: 0.5rem; }
}
`);
