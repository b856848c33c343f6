import { originShown } from '@kinora/delivery';
import { type Request } from 'express';
import { type MediaRequest } from '../domain/authorise';

/** All values of each cookie: two cookies of one name are something to refuse, not to choose from. */
export function cookiesOf(header: string | undefined): Map<string, string[]> {
  const cookies = new Map<string, string[]>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    const values = cookies.get(name);
    const value = pair.slice(equals + 1).trim();
    if (values) values.push(value);
    else cookies.set(name, [value]);
  }
  return cookies;
}

export const mediaRequest = (req: Request, countryHeader: string | undefined): MediaRequest => ({
  target: req.originalUrl,
  cookies: () => cookiesOf(req.headers.cookie),
  origin: originShown(req.headers.origin, req.headers.referer),
  country: countryHeader === undefined ? undefined : req.get(countryHeader)?.toUpperCase(),
  ip: req.ip,
});
