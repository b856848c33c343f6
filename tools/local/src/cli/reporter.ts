/** One thing that happened, for scripts. `step` is stable. */
export interface Report {
  step: string;
  [detail: string]: unknown;
}

/** Tells a person, or a script, how things go. */
export interface Reporter {
  /** @param text what a person reads; scripts get the report alone */
  tell(report: Report, text?: string): void;
  /** A line that is overwritten by the next one: how far something is (0 to 1). */
  progress(report: Report & { progress: number }, label: string): void;
}

export function createReporter({ json, out = process.stdout }: { json: boolean; out?: NodeJS.WriteStream }): Reporter {
  return json ? jsonReporter(out) : textReporter(out);
}

function jsonReporter(out: NodeJS.WritableStream): Reporter {
  let last = '';
  const tell = (report: Report) => void out.write(`${JSON.stringify(report)}\n`);
  return {
    tell,
    progress(report) {
      const percent = Math.floor(report.progress * 100);
      const key = `${report.step} ${percent}`;
      if (key !== last) tell({ ...report, progress: percent / 100 });
      last = key;
    },
  };
}

function textReporter(out: NodeJS.WriteStream): Reporter {
  let open = '';
  let shownTenth = -1;
  const close = () => {
    if (open !== '' && out.isTTY) out.write('\n');
    open = '';
    shownTenth = -1;
  };
  return {
    tell(_report, text) {
      if (text === undefined) return;
      close();
      out.write(`${text}\n`);
    },
    progress({ progress }, label) {
      if (open !== label) close();
      open = label;
      const line = `  ${label.padEnd(10)} ${bar(progress)} ${String(Math.floor(progress * 100)).padStart(3)} %`;
      if (out.isTTY) return void out.write(`\r${line}`);
      // Into a file: a line for every tenth, not a thousand.
      const tenth = Math.floor(progress * 10);
      if (tenth !== shownTenth) out.write(`${line}\n`);
      shownTenth = tenth;
    },
  };
}

export const bar = (progress: number, width = 30): string => {
  const filled = Math.round(Math.min(Math.max(progress, 0), 1) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
};
