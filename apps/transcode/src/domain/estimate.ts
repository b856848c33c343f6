/** From when, and from how many encoded seconds, the rate of an encoding is measured. */
export interface RateSince {
  readonly at: Date;
  readonly seconds: number;
}

export interface Pace {
  readonly since: RateSince;
  /** When it should end at the rate of the time until now; undefined while nobody can say. */
  readonly end: Date | undefined;
}

/** A rate of less time than this says nothing. */
const LEAST_MS = 3_000;

/**
 * How fast an encoding goes. Measured from the first report of an attempt: the wait for an encoder says nothing of the work, and a
 * new attempt starts counting anew.
 * @param encoded seconds over all rungs and sound by now
 * @param planned the same in the end; null where the source's length is unknown
 */
export function paceOf(since: RateSince | undefined, encoded: number, planned: number | null, now: Date): Pace {
  if (!since || encoded < since.seconds) return { since: { at: now, seconds: encoded }, end: undefined };
  const ms = now.getTime() - since.at.getTime();
  const gained = encoded - since.seconds;
  if (planned === null || ms < LEAST_MS || gained <= 0) return { since, end: undefined };
  const leftMs = (Math.max(0, planned - encoded) / gained) * ms;
  return { since, end: new Date(now.getTime() + Math.round(leftMs)) };
}

/** Whole seconds until then; null when it is not known or has passed: late is as good as unknown. */
export const secondsUntil = (end: Date | undefined, now: Date): number | null => {
  if (!end || end <= now) return null;
  return Math.ceil((end.getTime() - now.getTime()) / 1000);
};
