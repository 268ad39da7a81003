// Draws keys at random from all there are, each with the same chance, in one pass and with no more memory than the sample.
import type { Random } from "../../world/world.ts";

const KEYS_PER_PAGE = 5_000;

export async function drawSample(
  page: (after: string | undefined, limit: number) => Promise<readonly string[]>,
  size: number,
  random: Random,
): Promise<readonly string[]> {
  const drawn: string[] = [];
  let seen = 0;
  for (let after: string | undefined; ;) {
    const keys = await page(after, KEYS_PER_PAGE);
    for (const key of keys) {
      seen += 1;
      if (drawn.length < size) drawn.push(key);
      else {
        const place = Math.floor(random.next() * seen);
        if (place < size) drawn[place] = key;
      }
    }
    if (keys.length < KEYS_PER_PAGE) return drawn;
    after = keys.at(-1);
  }
}
