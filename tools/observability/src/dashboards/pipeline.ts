import { type Dashboard, graph, heading, quantile, query } from './panel';

const here = 'namespace=~"$namespace"';
const encode = `${here},queue="encode"`;

/** From an upload to a video. */
export const pipeline: Dashboard = {
  name: 'pipeline',
  title: 'Pipeline',
  description: 'From the upload of a file to a video that can be watched.',
  panels: [
    heading('Videos'),
    graph(
      'From upload to playable',
      [0.5, 0.9, 0.99].map((q) => query(quantile(q, 'encoding_playable_seconds', here), `${q * 100} %`)),
      { unit: 's' },
    ),
    graph(
      'From upload to ready',
      [0.5, 0.9, 0.99].map((q) => query(quantile(q, 'encoding_ready_seconds', here), `${q * 100} %`)),
      { unit: 's' },
    ),
    graph(
      'Encodings by what became of them',
      query(`sum by (outcome) (increase(encodings_total{${here}}[$__rate_interval]))`, '{{outcome}}'),
    ),
    graph(
      'Why they failed',
      query(`sum by (code) (increase(encodings_total{${here},outcome="failed"}[$__rate_interval]))`, '{{code}}'),
      {
        description: '`source.…`: of the file. `encoding.…`: ours, or cancelled',
      },
    ),
    graph(
      'Lost work that was found',
      query(`sum(increase(encoding_recoveries_total{${here}}[$__rate_interval]))`, 'recoveries'),
    ),
    graph(
      'Arrivals in the bucket',
      query(
        `sum by (result, code) (increase(upload_arrivals_total{${here}}[$__rate_interval]))`,
        '{{result}} {{code}}',
      ),
    ),
    heading('Encoders'),
    graph(
      'Jobs done',
      query(
        `sum by (job, outcome) (increase(job_duration_seconds_count{${encode}}[$__rate_interval]))`,
        '{{job}} {{outcome}}',
      ),
    ),
    graph('How long jobs take, nine in ten', query(quantile(0.9, 'job_duration_seconds', encode, ['job']), '{{job}}'), {
      unit: 's',
    }),
    graph('Encoders and their jobs', [
      query(`count(process_start_time_seconds{${here},service="encoder"})`, 'encoders'),
      query(`max by (state) (queue_jobs{${encode},state=~"active|waiting|prioritized"})`, '{{state}}'),
    ]),
    graph(
      'Processors and memory of the process itself',
      [query(`sum(rate(process_cpu_seconds_total{${here},service="encoder"}[$__rate_interval]))`, 'processors')],
      { description: 'Of Node; ffmpeg runs beside it and shows in the container’s numbers' },
    ),
    heading('Events between services'),
    graph('Oldest event in an outbox', query(`max by (service) (outbox_oldest_seconds{${here}})`, '{{service}}'), {
      unit: 's',
    }),
    graph(
      'Events not processed at the first try',
      query(
        `sum by (queue, job) (increase(job_duration_seconds_count{${here},queue=~"events[.].*",outcome="error"}[$__rate_interval]))`,
        '{{queue}} {{job}}',
      ),
    ),
  ],
};
