// A progress bar on a terminal; a line now and then elsewhere.

export interface Progress {
  show(done: number, of: number, note: string): void;
  end(): void;
}

const WIDTH = 32;

export function progress(out: NodeJS.WriteStream): Progress {
  let lastTenth = -1;
  return {
    show(done, of, note) {
      const share = of === 0 ? 1 : Math.min(1, done / of);
      if (out.isTTY) {
        const filled = Math.round(share * WIDTH);
        out.write(
          `\r  ${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${Math.round(share * 100)} %  ${note}\u001b[K`,
        );
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth !== lastTenth) out.write(`  ${tenth * 10} %  ${note}\n`);
      lastTenth = tenth;
    },
    end() {
      if (out.isTTY) out.write("\n");
    },
  };
}
