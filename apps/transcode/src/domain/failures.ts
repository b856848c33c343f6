import { type Failure } from './encoding';

export const INTERNAL: Failure = {
  code: 'encoding.internal',
  message: 'Something went wrong on our side while the video was encoded. Try again.',
};
export const INCOMPLETE: Failure = {
  code: 'encoding.incomplete',
  message: 'A part of the video is missing after encoding. Try again.',
};
export const STALLED: Failure = {
  code: 'encoding.stalled',
  message: 'Encoding has come to a halt. Try again.',
};

/** What people are told of a job's failure: codes of the source and of encodings are theirs, all others are ours to mend. */
export const tellable = (failure: Failure | undefined): Failure =>
  failure && /^(source|encoding)\./.test(failure.code) ? failure : INTERNAL;
