import { createHmac } from 'node:crypto';

/** What an app client that has a secret must show beside every user name; nothing for one that has none. */
export type ClientSecret = (username: string) => string | undefined;

/** Cognito's `SECRET_HASH`: HMAC-SHA256 of user name and client id with the secret. */
export const createClientSecret =
  (clientId: string, secret: string | undefined): ClientSecret =>
  (username) =>
    secret === undefined
      ? undefined
      : createHmac('sha256', secret)
          .update(username + clientId)
          .digest('base64');
