/** A CloudFront policy: one statement. Times are epoch seconds. */
export interface Policy {
  /** URL with wildcards: `*` is any run of characters (also none, also over `/`), `?` is one character. */
  readonly resource: string;
  /** First instant at which the policy no longer holds. */
  readonly dateLessThan: number;
  /** First instant at which it holds. */
  readonly dateGreaterThan?: number;
  /** IPv4 address or CIDR block. */
  readonly sourceIp?: string;
}

/** The bytes that are signed: no white space, members in AWS's order. A canned policy has no other members than these two. */
export function policyJson({ resource, dateLessThan, dateGreaterThan, sourceIp }: Policy): string {
  const Condition = {
    DateLessThan: { 'AWS:EpochTime': dateLessThan },
    ...(dateGreaterThan !== undefined && { DateGreaterThan: { 'AWS:EpochTime': dateGreaterThan } }),
    ...(sourceIp !== undefined && { IpAddress: { 'AWS:SourceIp': sourceIp } }),
  };
  return JSON.stringify({ Statement: [{ Resource: resource, Condition }] });
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const onlyHas = (value: Json, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

/** The single member `name` of a condition operator. */
function operand(condition: Json, operator: string, name: string): unknown {
  const value = condition[operator];
  if (value === undefined) return undefined;
  return isObject(value) && onlyHas(value, [name]) ? value[name] : null;
}

/** Undefined unless the text is exactly one statement that we understand whole: an unknown condition must not be passed over. */
export function parsePolicy(text: string): Policy | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (
    !isObject(json) ||
    !onlyHas(json, ['Statement', 'Version', 'Id']) ||
    !Array.isArray(json.Statement) ||
    json.Statement.length !== 1
  )
    return undefined;
  const statement: unknown = json.Statement[0];
  if (
    !isObject(statement) ||
    !onlyHas(statement, ['Resource', 'Condition', 'Sid', 'Effect']) ||
    (statement.Effect ?? 'Allow') !== 'Allow'
  )
    return undefined;
  const { Resource: resource, Condition: condition } = statement;
  if (typeof resource !== 'string' || resource === '' || !isObject(condition)) return undefined;
  if (!onlyHas(condition, ['DateLessThan', 'DateGreaterThan', 'IpAddress'])) return undefined;
  const dateLessThan = operand(condition, 'DateLessThan', 'AWS:EpochTime');
  const dateGreaterThan = operand(condition, 'DateGreaterThan', 'AWS:EpochTime');
  const sourceIp = operand(condition, 'IpAddress', 'AWS:SourceIp');
  if (!isTime(dateLessThan) || (dateGreaterThan !== undefined && !isTime(dateGreaterThan))) return undefined;
  if (sourceIp !== undefined && typeof sourceIp !== 'string') return undefined;
  return {
    resource,
    dateLessThan,
    ...(dateGreaterThan !== undefined && { dateGreaterThan }),
    ...(sourceIp !== undefined && { sourceIp }),
  };
}

/** Matches `*` and `?` in time proportional to the product of the lengths at worst; a regular expression could be driven to backtrack. */
export function matchesResource(pattern: string, url: string): boolean {
  let [p, u, star, mark] = [0, 0, -1, 0];
  while (u < url.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = u;
    } else if (pattern[p] === '?' || pattern[p] === url[u]) {
      p++;
      u++;
    } else if (star >= 0) {
      p = star + 1;
      u = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Is the address in the block? CloudFront's policies know IPv4 only; an IPv4-mapped IPv6 address counts as IPv4. */
export function matchesIp(block: string, address: string | undefined): boolean {
  const [base = '', mask = '32', ...rest] = block.split('/');
  const [network, host] = [ipv4(base), ipv4((address ?? '').replace(/^::ffff:/i, ''))];
  if (network === undefined || host === undefined || rest.length > 0 || !/^\d{1,2}$/.test(mask) || Number(mask) > 32)
    return false;
  const size = 2 ** (32 - Number(mask));
  return Math.floor(network / size) === Math.floor(host / size);
}

export type PolicyRefusal = 'expired' | 'not_yet' | 'wrong_resource' | 'wrong_ip';

/** Checks the conditions that depend on the request. @param now epoch milliseconds */
export function refusalOf(
  policy: Policy,
  request: { readonly url: string; readonly now: number; readonly ip?: string | undefined },
): PolicyRefusal | undefined {
  if (request.now >= policy.dateLessThan * 1000) return 'expired';
  if (policy.dateGreaterThan !== undefined && request.now < policy.dateGreaterThan * 1000) return 'not_yet';
  if (!matchesResource(policy.resource, request.url)) return 'wrong_resource';
  if (policy.sourceIp !== undefined && !matchesIp(policy.sourceIp, request.ip)) return 'wrong_ip';
  return undefined;
}
