// What a sample says of the whole: with so much confidence no larger share differs (Clopper and Pearson, 1934, one-sided).

const CONFIDENCE = 0.95;
const HALVINGS = 60;

/** The share at which seeing so few differing records among so many would be as unlikely as 1 less the confidence. */
export function shareMax(differing: number, size: number, confidence = CONFIDENCE): number {
  if (size === 0 || differing >= size) return 1;
  let [low, high] = [differing / size, 1];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (atMost(differing, size, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most so many among `size` when each differs with this probability. */
function atMost(differing: number, size: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return 0;
  // In logarithms: (1 - share)^size is nothing at all for a large sample.
  const odds = Math.log(share) - Math.log1p(-share);
  let term = size * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let count = 1; count <= differing; count += 1) {
    term += Math.log((size - count + 1) / count) + odds;
    sum += Math.exp(term);
  }
  return sum;
}
