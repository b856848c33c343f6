import { type RefusalCode } from '../probe/refusals';

/**
 * What the error codes of a job mean to the person who uploaded. Codes and meanings are those of "Error codes" in the user guide
 * of AWS Elemental MediaConvert. What is not here is no fault of the source: settings (1040, 1041, 1042, 1060, 1080), permissions and
 * roles (1401, 1432, 1433, 1434, 1515), disks (1050, 1507), the service itself (1550, 1999).
 */
const MEANINGS: ReadonlyMap<number, RefusalCode> = new Map([
  // Input Error: an input can't be opened; it may be damaged, or of a kind that isn't supported.
  [1010, 'source.unreadable'],
  // Video Error: no video elementary stream.
  [1020, 'source.no_video'],
  // Unsupported Codec, or container.
  [1030, 'source.unsupported_codec'],
  // Demuxer Parse Error.
  [1075, 'source.unreadable'],
  // Source Read Error: perhaps an unexpected end of file.
  [1076, 'source.unreadable'],
  // Decode Audio Initialization Error.
  [1092, 'source.unreadable'],
  // File Open Error: a file or bucket is not there.
  [1404, 'source.missing'],
]);

/** Why the source is to blame for a job's error; undefined if it isn't. */
export const refusalOfMediaConvert = (errorCode: number | undefined): RefusalCode | undefined =>
  errorCode === undefined ? undefined : MEANINGS.get(errorCode);
