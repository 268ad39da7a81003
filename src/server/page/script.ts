// The page's one script: fetches the page anew every second and puts its main part in place, unless somebody is busy in it.
import { trusted } from "./html.ts";

export const SCRIPT = trusted(`
const busy = () => {
  const main = document.querySelector("main");
  return main.querySelector("details[open]") !== null || main.contains(document.activeElement) || !getSelection().isCollapsed;
};
const live = document.querySelector("#live");
const renew = async () => {
  if (document.hidden || busy()) return;
  try {
    const answer = await window.fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    // Only the main part: the style of the new page carries another nonce, which this page may not apply.
    const part = text.slice(text.indexOf("<main>"), text.indexOf("</main>"));
    const next = new DOMParser().parseFromString(part, "text/html");
    if (!busy()) document.querySelector("main").replaceWith(next.querySelector("main"));
    live.textContent = "";
  } catch {
    live.textContent = "not connected: what you see may be old";
  }
};
const again = async () => {
  await renew();
  window.setTimeout(again, 1000);
};
window.setTimeout(again, 1000);
`);
