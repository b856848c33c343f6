import { ApiProblem } from '@kinora/contracts-common';

/** Status and code of the problem that a call is answered with; `none` when it succeeds. */
export const problemOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof ApiProblem) return `${error.status} ${error.code}`;
      throw error;
    },
  );
