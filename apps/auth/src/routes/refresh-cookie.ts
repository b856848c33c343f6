import { type Request, type Response } from 'express';
import { cookieOf } from './cookies';

const NAME = 'kinora_refresh';

/** The refresh token in a cookie that no script can read and no other site can send. */
export interface RefreshCookie {
  read(req: Request): string | undefined;
  set(res: Response, token: string): void;
  clear(res: Response): void;
}

export function createRefreshCookie({ publicUrl, days }: { publicUrl: string; days: number }): RefreshCookie {
  const options = {
    httpOnly: true,
    sameSite: 'strict',
    path: '/v1/auth',
    secure: publicUrl.startsWith('https:'),
  } as const;
  return {
    read: (req) => cookieOf(req, NAME),
    set: (res, token) => void res.cookie(NAME, token, { ...options, maxAge: days * 86_400_000 }),
    clear: (res) => void res.clearCookie(NAME, options),
  };
}
