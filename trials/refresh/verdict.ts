// What a run comes to: its figures, and what it did not exercise.

export interface Figures {
  readonly trials: number;
  /** Connections that were given up, or whose tokens the provider took back, through our own doing. */
  readonly connectionsLost: number;
  /** Superseded refresh tokens that were presented again outside a declared grace. */
  readonly presentedTwice: number;
  readonly kills: number;
  readonly stops: number;
  /** Refreshes that the provider granted. */
  readonly refreshes: number;
  /** Given up because the answer died with the process and the provider has no grace: nobody could have gone on. */
  readonly unavoidable: number;
  readonly presentedInGrace: number;
  readonly byFault: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

const SHARE_MIN = 1 / 10;

/** What is wrong with these figures besides losses, which tell themselves. Empty: nothing. */
export function shortcomings(figures: Figures, trialsWanted: number): readonly string[] {
  const { trials, kills, stops, refreshes, byFault } = figures;
  const least = Math.max(1, Math.floor(trialsWanted * SHARE_MIN));
  const wanted: readonly (readonly [what: string, count: number, least: number])[] = [
    ["trials", trials, trialsWanted],
    ["kills", kills, least],
    ["stopped processes", stops, least],
    ["refreshes", refreshes, trialsWanted],
    ["tokens presented again within a grace", figures.presentedInGrace, 1],
    ["kills between answer and commit without a grace", byFault["kill-answered"] ?? 0, 1],
    ["stops between answer and commit without a grace", byFault["stop-answered"] ?? 0, 1],
  ];
  const found = wanted
    .filter(([, count, enough]) => count < enough)
    .map(([what, count, enough]) => `not exercised enough: ${what} (${count}, wanted ${enough} or more)`);
  const killed = byFault["kill-answered"] ?? 0;
  if (figures.unavoidable > killed) {
    found.push(`more given up as unavoidable (${figures.unavoidable}) than were killed with their answer (${killed})`);
  }
  return found;
}
