/** What a watch over a growing ladder sees and does. */
export interface LadderSight {
  /** Rungs that are published now. */
  published(): Promise<number>;
  /** Rungs that the engine has found when it loaded. */
  known(): number;
  /** The presentation still gets longer. */
  growing(): boolean;
  /** No picture moves at the moment: loading anew is not noticed. */
  still(): boolean;
  /** Loads anew at the same place. */
  reload(): Promise<void>;
}

/** Between two looks at what is published. */
export const LOOK_MS = 3000;
/** Looks after which a picture that never stands still is interrupted for a moment: better than the middle rung to the end. */
export const PATIENCE = 6;

/**
 * Picks up rungs that were published after a growing video was loaded: no engine takes them in by itself. Waits until no more
 * join, and for a moment at which nobody notices. Returns what ends the watch.
 * @param after calls back once after so many milliseconds; returns what cancels it
 */
export function watchLadder(sight: LadderSight, after: (ms: number, run: () => void) => () => void): () => void {
  let over = false;
  let cancel = (): void => undefined;
  let before = 0;
  let waited = 0;

  const look = async (): Promise<void> => {
    // A rung may have joined just before the end.
    const last = !sight.growing();
    const count = await sight.published().catch(() => before);
    if (over) return;
    const settled = count > sight.known() && (count === before || last);
    before = count;
    if (settled && (sight.still() || waited >= PATIENCE)) {
      waited = 0;
      await sight.reload();
    } else if (settled) waited += 1;
    else if (last) return;
    if (!over) plan();
  };
  const plan = (): void => void (cancel = after(LOOK_MS, () => void look()));
  plan();
  return () => {
    over = true;
    cancel();
  };
}
