import { ApiProblem } from '@kinora/contracts-common';

export interface Explained {
  readonly title: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
}

const offline = () => typeof navigator !== 'undefined' && !navigator.onLine;

/** What an error of the API means for a person, with what support needs to find it. */
export function explain(error: unknown): Explained {
  if (error instanceof ApiProblem) {
    const { code, problem, status, retryAfter, message } = error;
    const base = { code, requestId: problem?.requestId };
    if (status === 429) {
      return {
        ...base,
        title: 'Too many requests',
        message: `Please wait ${retryAfter ?? 'a few'} seconds and try again.`,
      };
    }
    if (status >= 500)
      return {
        ...base,
        title: 'Something broke on our side',
        message: 'It has been logged. Please try again in a moment.',
      };
    return { ...base, title: 'That did not work', message };
  }
  if (offline())
    return { title: 'You are offline', message: 'This page needs the network. It will work again when you are back.' };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return {
      title: 'No answer',
      message: 'The server took too long to answer. Please try again.',
      code: 'client.timeout',
    };
  }
  return {
    title: 'No connection',
    message: 'The server could not be reached. Please try again.',
    code: 'client.network',
  };
}

export const isProblem = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ApiProblem && (codes.length === 0 || codes.includes(error.code));
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiProblem &&
  (error.status === 404 ||
    (error.status === 400 && error.problem?.errors?.some(({ field }) => field.endsWith('videoId')) === true));

/** The message of a field that the server refused; field names may carry a prefix such as `body.`. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.problem?.errors?.find((one) => one.field === field || one.field.endsWith(`.${field}`))?.message;
}
