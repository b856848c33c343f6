import { type Dashboard, graph, heading, quantile, query } from './panel';

const here = 'namespace=~"$namespace",queue=~"$queue"';

/** Every queue: what waits, for how long, what was given up. */
export const queue: Dashboard = {
  name: 'queue',
  title: 'Queues',
  description: 'Queues in Redis. Every replica that looks at a queue shows the same numbers, hence the maxima.',
  variables: [{ name: 'queue', values: 'queue_jobs', many: true }],
  panels: [
    heading('What waits'),
    graph(
      'Waiting',
      query(`sum by (queue) (max by (queue, state) (queue_jobs{${here},state=~"waiting|prioritized"}))`, '{{queue}}'),
    ),
    graph('How long the next one has waited', query(`max by (queue) (queue_next_age_seconds{${here}})`, '{{queue}}'), {
      unit: 's',
    }),
    graph('At work', query(`max by (queue) (queue_jobs{${here},state="active"})`, '{{queue}}')),
    graph(
      'Put off, and parents that wait for children',
      query(`max by (queue, state) (queue_jobs{${here},state=~"delayed|waiting-children"})`, '{{queue}} {{state}}'),
    ),
    heading('What goes wrong'),
    graph('Given up', query(`max by (queue) (queue_jobs{${here},state="failed"})`, '{{queue}}'), {
      description:
        'Of events they stay until somebody decides; of encodings for a week, and most are files that can’t be played',
    }),
    graph(
      'Tried in vain',
      query(
        `sum by (queue, job) (rate(job_duration_seconds_count{${here},outcome=~"error|refused"}[$__rate_interval]))`,
        '{{queue}} {{job}}',
      ),
      { unit: 'ops' },
    ),
    heading('What is done'),
    graph(
      'Done',
      query(
        `sum by (queue, job) (rate(job_duration_seconds_count{${here},outcome="ok"}[$__rate_interval]))`,
        '{{queue}} {{job}}',
      ),
      { unit: 'ops' },
    ),
    graph(
      'How long it takes, nine in ten',
      query(quantile(0.9, 'job_duration_seconds', here, ['queue', 'job']), '{{queue}} {{job}}'),
      { unit: 's' },
    ),
    graph(
      'Given back',
      query(
        `sum by (queue, job) (rate(job_duration_seconds_count{${here},outcome="returned"}[$__rate_interval]))`,
        '{{queue}} {{job}}',
      ),
      {
        unit: 'ops',
        description: 'By workers that were told to stop, and by parents that wait for their children',
      },
    ),
  ],
};
