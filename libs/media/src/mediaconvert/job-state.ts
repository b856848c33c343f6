/** How a job stands, in our words. */
export type MediaConvertState = 'at work' | 'complete' | 'cancelled' | 'failed';

const STATES: Readonly<Record<string, MediaConvertState>> = {
  SUBMITTED: 'at work',
  PROGRESSING: 'at work',
  COMPLETE: 'complete',
  CANCELED: 'cancelled',
  ERROR: 'failed',
};

/** Reads a status of MediaConvert, of `Job.Status` or of an event; one that is new to us is no end (STATUS_UPDATE, QUEUE_HOP, …). */
export const mediaConvertState = (status: string | undefined): MediaConvertState => STATES[status ?? ''] ?? 'at work';
