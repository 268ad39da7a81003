// A progress bar on a terminal; a line now and then elsewhere. It never goes back, although more may turn up meanwhile.

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  show(done: number, of: number, note: string): void;
  /** It is done. */
  end(note: string): void;
}

const WIDTH = 32;

export function progress(out: Screen): Progress {
  let lastTenth = -1;
  let share = 0;
  const bar = (note: string): string => {
    const filled = Math.round(share * WIDTH);
    return `\r  ${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${Math.floor(share * 100)} %  ${note}\u001b[K`;
  };
  return {
    show(done, of, note) {
      share = Math.max(share, of === 0 ? 0 : Math.min(1, done / of));
      const tenth = Math.floor(share * 10);
      if (out.isTTY === true) out.write(bar(note));
      else if (tenth !== lastTenth) out.write(`  ${tenth * 10} %  ${note}\n`);
      lastTenth = tenth;
    },
    end(note) {
      share = 1;
      out.write(out.isTTY === true ? `${bar(note)}\n` : `  100 %  ${note}\n`);
    },
  };
}
