import { DomainError } from '@kinora/contracts-common';

export interface FileLimits {
  readonly maxBytes: number;
  /** `video/*`, `application/mxf`, … */
  readonly contentTypes: readonly string[];
  /** Without the dot, lower case. */
  readonly extensions: readonly string[];
}

export interface FileFacts {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
}

// C0 and C1 controls, and the characters that turn the direction of text, which make a name look like another.
// eslint-disable-next-line no-control-regex -- exactly these are to be removed
const TREACHEROUS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const MEDIA_TYPE = /^([a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63})\s*(?:;.*)?$/;
const SAYS_NOTHING = new Set(['application/octet-stream', 'binary/octet-stream']);

/** Text that came from outside, fit to be stored and shown: no controls, no lone surrogates, one normal form. */
export const plainText = (text: string): string => text.toWellFormed().normalize('NFC').replace(TREACHEROUS, '').trim();

/** A file name is data, never a path. */
export const plainName = (filename: string): string =>
  plainText(filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)) || 'video';

/** A title from a file name: without its ending. */
export const titleFrom = (filename: string): string =>
  (
    filename
      .replace(/\.[A-Za-z0-9]{1,5}$/, '')
      .replaceAll('_', ' ')
      .trim() || filename
  )
    .slice(0, 200)
    .toWellFormed();

/** @throws `upload.empty`, `upload.too_large`, `upload.type_refused`. What is in the file is looked at after it has arrived. */
export function acceptFile(file: FileFacts, limits: FileLimits): FileFacts {
  if (file.size === 0) throw new DomainError('invalid', 'upload.empty', 'The file is empty.');
  if (file.size > limits.maxBytes)
    throw new DomainError(
      'too_large',
      'upload.too_large',
      `The file is larger than the ${limits.maxBytes} bytes that are allowed.`,
    );
  const filename = plainName(file.filename);
  const contentType = MEDIA_TYPE.exec(file.contentType.trim().toLowerCase())?.[1] ?? '';
  const extension = /\.([a-z0-9]{1,8})$/.exec(filename.toLowerCase())?.[1] ?? '';
  const accepted = SAYS_NOTHING.has(contentType)
    ? limits.extensions.includes(extension)
    : limits.contentTypes.some((one) =>
        one.endsWith('/*') ? contentType.startsWith(one.slice(0, -1)) : contentType === one,
      );
  if (!accepted)
    throw new DomainError('unsupported', 'upload.type_refused', 'This kind of file is not taken. Upload a video.');
  return { filename, contentType, size: file.size };
}
