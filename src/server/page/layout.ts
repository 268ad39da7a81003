// The frame around each page.
import { html, type Html } from "./html.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

export interface Frame {
  readonly title: string;
  readonly main: Html;
  readonly nonce: string;
  /** Renewed every second. Default false. */
  readonly live?: boolean;
  /** The key or title that is looked for. */
  readonly key?: string;
}

export function layout({ title, main, nonce, live = false, key = "" }: Frame): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1><a href="/">Bowline</a></h1>
          <span class="quiet" id="live" role="status"></span>
          <form action="/record" role="search">
            <input
              name="key"
              type="search"
              required
              placeholder="Key or title"
              aria-label="Find a record"
              value="${key}"
            />
            <button>Show its story</button>
          </form>
        </header>
        <main>${main}</main>
        ${
          live &&
          html`<script nonce="${nonce}">
            ${SCRIPT};
          </script>`
        }
      </body>
    </html>`;
  return page.toString();
}

/** What a person sees instead of a page. */
export function failurePage(message: string, nonce: string): string {
  return layout({ title: "Bowline", nonce, main: html`<p class="notice">${message}</p>` });
}
