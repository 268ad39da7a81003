// Record ids come with 15 characters, in which case matters, or with 18, in which it does not: the last three say which of
// the others are capitals. Keys are always the long form.

const CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const SHORT_LENGTH = 15;
const GROUP_LENGTH = 5;

/** "001D000000IqhSL" becomes "001D000000IqhSLIAZ"; anything else is left as it is. */
export function longId(id: string): string {
  if (id.length !== SHORT_LENGTH || !/^[A-Za-z0-9]+$/.test(id)) return id;
  let check = "";
  for (let first = 0; first < SHORT_LENGTH; first += GROUP_LENGTH) {
    let capitals = 0;
    for (let place = 0; place < GROUP_LENGTH; place += 1) {
      if (/[A-Z]/.test(id.charAt(first + place))) capitals |= 1 << place;
    }
    check += CHECK.charAt(capitals);
  }
  return id + check;
}
