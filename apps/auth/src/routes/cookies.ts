import { type Request } from 'express';

/** The value of a cookie, if it was sent and can be read. */
export function cookieOf(req: Request, name: string): string | undefined {
  const pair = (req.get('cookie') ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`));
  try {
    return pair === undefined || pair.length === name.length + 1
      ? undefined
      : decodeURIComponent(pair.slice(name.length + 1));
  } catch {
    return undefined;
  }
}
