/** A rule of a checker that does not hold here, and why. One that no finding needs any more is a problem itself. */
export interface Exception {
  readonly tool: 'kube-score' | 'checkov';
  readonly rule: string;
  /** Which objects; all without it. */
  readonly of?: RegExp;
  readonly why: string;
}

export interface Finding {
  readonly rule: string;
  /** Which values, kind and name. */
  readonly object: string;
  readonly text: string;
}

/** Findings that no exception covers, and exceptions that cover nothing. */
export function judge(tool: Exception['tool'], found: readonly Finding[], exceptions: readonly Exception[]): string[] {
  const own = exceptions.filter((exception) => exception.tool === tool);
  const covers = (exception: Exception, { rule, object }: Finding): boolean =>
    exception.rule === rule && (exception.of?.test(object) ?? true);
  const problems = found
    .filter((finding) => !own.some((exception) => covers(exception, finding)))
    .map(({ rule, object, text }) => `${object}: ${rule}: ${text}`);
  const unused = own
    .filter((exception) => !found.some((finding) => covers(exception, finding)))
    .map(({ rule, of }) => `the exception from ${rule}${of ? ` for ${of.source}` : ''} is not needed any more`);
  return [...new Set(problems), ...unused];
}
