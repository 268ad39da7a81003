/** The address that lets a browser in, to change things, too: whoever has it may do what the command line may. */
export function pageUrl(url: string, token: string): string {
  return `${url.replace(/\/+$/, "")}/?token=${token}`;
}
