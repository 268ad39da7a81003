// The page of one record: its whole story, on both sides, in the order it happened.
import type { StoryEntry } from "../../store/store.ts";
import { html, type Html } from "./html.ts";
import { parkedSection, type ParkedSection } from "./parked.ts";
import { table } from "./table.ts";
import { exactTime } from "./time-text.ts";

export interface RecordPage {
  readonly key: string;
  readonly story: readonly StoryEntry[];
  /** Where it waits for a person. */
  readonly parked: ParkedSection;
}

export function recordPage({ key, story, parked }: RecordPage): Html {
  return html`
    <h2 id="story">The story of ${key}</h2>
    ${story.length === 0 ? html`<p class="notice">Nothing is known of a record with this key or title.</p>` : storyTable(story)}
    ${parked.rows.length > 0 && parkedSection(parked)}
  `;
}

function storyTable(story: readonly StoryEntry[]): Html {
  return table("story", "Story", ["When", "What", "Of", "Story"], story.map(storyRow));
}

const LATE = new Set(["waiting", "unknown", "parked", "discarded"]);

function storyRow({ at, what, resource, sync, key, text }: StoryEntry): Html {
  const colour = what === "cleared" ? "good" : LATE.has(what) ? "late" : "";
  return html`<tr>
    <td class="short">${exactTime(at)}</td>
    <td><span class="state ${colour}">${what}</span></td>
    <td>${sync ?? resource ?? ""}<small>${key}</small></td>
    <td>${text}</td>
  </tr>`;
}
