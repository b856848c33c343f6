import { type Tokens } from '@kinora/contracts-auth';
import { DomainError } from '@kinora/contracts-common';
import { type RequestHandler, type Response } from 'express';
import { type RefreshCookie } from './refresh-cookie';

type Issued = Omit<Tokens, 'tokenType'>;

export const toBody = ({ accessToken, refreshToken, expiresIn }: Issued): Tokens => ({
  accessToken,
  refreshToken,
  expiresIn,
  tokenType: 'Bearer',
});

/** What holds tokens, secrets or somebody's standing is kept by nobody on the way. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('cache-control', 'no-store');
  next();
};

export type Replies = ReturnType<typeof createReplies>;

/** Answers that begin a session. */
export const createReplies = (cookie: RefreshCookie) => ({
  async signedIn(res: Response, session: Promise<Issued>): Promise<Tokens> {
    try {
      const tokens = await session;
      cookie.set(res, tokens.refreshToken);
      return toBody(tokens);
    } catch (error) {
      // No failed attempt: the password was right, and the next step has a limit of its own.
      res.locals['stepTaken'] = error instanceof DomainError && error.challenge !== undefined;
      throw error;
    }
  },
});
