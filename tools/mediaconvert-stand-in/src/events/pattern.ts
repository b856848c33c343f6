type Pattern = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One of a field's alternatives: a value, or `{ prefix }`. @throws for filters that are not known here, so that no rule is passed over in silence */
function fits(alternative: unknown, value: unknown): boolean {
  if (!isObject(alternative)) return alternative === value;
  const { prefix, ...others } = alternative;
  if (typeof prefix !== 'string' || Object.keys(others).length > 0)
    throw new Error(`this filter of a pattern is not known here: ${JSON.stringify(alternative)}`);
  return typeof value === 'string' && value.startsWith(prefix);
}

/** Whether an event has all that a pattern of EventBridge asks for; a field that is a list fits if one of its values does. */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (!isObject(event)) return false;
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = event[name];
    if (isObject(wanted)) return matches(wanted, value);
    if (!Array.isArray(wanted)) throw new Error(`a pattern has no list at ${name}`);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return wanted.some((one) => values.some((candidate) => fits(one, candidate)));
  });
}
