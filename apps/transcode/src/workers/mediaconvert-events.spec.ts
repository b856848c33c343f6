import { newsOf } from './mediaconvert-events';

const event = (detail: Record<string, unknown>) => ({
  ...{ version: '0', source: 'aws.mediaconvert', 'detail-type': 'MediaConvert Job State Change' },
  detail: { jobId: 'job', userMetadata: { encodingId: 'enc', other: 'x' }, ...detail },
});

it.each([
  ['COMPLETE', 'complete'],
  ['ERROR', 'failed'],
  ['CANCELED', 'cancelled'],
  ['PROGRESSING', 'at work'],
  ['INPUT_INFORMATION', 'at work'],
  ['QUEUE_HOP', 'at work'],
])('reads %s', (status, state) => {
  expect(newsOf(event({ status }))).toEqual({ encodingId: 'enc', jobId: 'job', state });
});

it('reads how far a job is', () => {
  const jobProgress = { jobPercentComplete: 40, currentPhase: 'TRANSCODING', phaseProgress: {} };
  expect(newsOf(event({ status: 'STATUS_UPDATE', jobProgress }))).toMatchObject({ state: 'at work', share: 0.4 });
});

it('leaves alone what is not ours, and refuses what is no such event', () => {
  expect(newsOf(event({ status: 'COMPLETE', userMetadata: {} }))).toBeUndefined();
  expect(() => newsOf({ ...event({ status: 'COMPLETE' }), source: 'aws.s3' })).toThrow('message.not_mediaconvert');
  expect(() => newsOf({ Records: [] })).toThrow('message.not_mediaconvert');
});
