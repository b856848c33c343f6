import { metricsOf } from './promql';

it('finds metrics and the labels that select them', () => {
  const { selected, grouped } = metricsOf(`
    # not_a_metric{nor="this"}
    histogram_quantile(0.9, sum by (le, job) (rate(job_duration_seconds_bucket{queue=~"a|b",job!="x # y"}[5m])))
      > 600 and on (namespace) max without (pod) (up) offset 5m`);
  expect(selected).toEqual([
    { metric: 'job_duration_seconds_bucket', labels: ['queue', 'job'] },
    { metric: 'up', labels: [] },
  ]);
  expect(grouped).toEqual(['le', 'job', 'namespace', 'pod']);
});

it('knows functions, numbers, durations and variables from metrics', () => {
  const { selected } = metricsOf('absent(a{x="1"}) or 0 * b[$__rate_interval] / 1e3 > bool kinora:c:ratio_rate5m');
  expect(selected.map(({ metric }) => metric)).toEqual(['a', 'b', 'kinora:c:ratio_rate5m']);
});
