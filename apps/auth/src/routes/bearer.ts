import { unauthenticated } from '@kinora/contracts-common';
import { type Request } from 'express';

/** The access token of a caller who has been identified by it: what Cognito does in a person's own name needs it. */
export function bearerOf(req: Request): string {
  const token = req.get('authorization')?.replace(/^Bearer /, '');
  if (token === undefined) throw unauthenticated();
  return token;
}
