/** Whole seconds until then; null when it is not known or has passed: late is as good as unknown. */
export const secondsUntil = (end: Date | undefined, now: Date): number | null => {
  if (!end || end <= now) return null;
  return Math.ceil((end.getTime() - now.getTime()) / 1000);
};
