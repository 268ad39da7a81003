// How many there are of something, as people say it.

/** "1 record", "2 records"; what is not made by an s is given: `counted(2, "record is", "records are")`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
