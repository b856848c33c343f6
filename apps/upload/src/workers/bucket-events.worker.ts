import { Counter, type Logger, type Metrics } from '@kinora/service';
import { type QueueConsumerOptions } from '@kinora/sqs';
import { readBucketEvent } from '../adapters/sqs/bucket-events';
import { type Arrival, type Outcome } from '../domain/arrivals/arrival';
import { type TakeArrival } from '../domain/arrivals/take-arrival';

/** Takes the arrivals of an event one by one, and says what became of each. */
export function bucketEventsWorker(
  takeArrival: TakeArrival,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): QueueConsumerOptions['handle'] {
  const arrivals = new Counter({
    name: 'upload_arrivals_total',
    help: 'Objects that arrived in the staging bucket, by what was done about them',
    labelNames: ['result', 'code'],
    registers: [metrics.registry],
  });
  const say = ({ bucket, key, size }: Arrival, outcome: Outcome): void => {
    const code = 'code' in outcome ? outcome.code : undefined;
    arrivals.inc({ result: outcome.result, code: code ?? 'none' });
    const line = { ...outcome, bucket, key, size };
    if (outcome.result === 'ignored') logger.debug(line, 'arrival ignored');
    else if (outcome.result === 'refused') logger.warn(line, 'arrival refused');
    else if (code !== undefined) logger.warn(line, 'arrival taken, but not all is well');
    else logger.info(line, 'arrival taken');
  };
  return async ({ body }, signal) => {
    for (const arrival of readBucketEvent(body)) {
      signal.throwIfAborted();
      say(arrival, await takeArrival(arrival));
    }
  };
}
