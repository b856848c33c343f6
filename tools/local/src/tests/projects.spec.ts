import { faultProjects } from './faults';
import { testProjects } from './projects';

it('finds every project that has tests, also one inside another', () => {
  expect(testProjects()).toEqual(
    expect.arrayContaining(['catalog', 'contracts-common', 'local', 'testing', 'web', 'web-server']),
  );
});

it('finds the projects that are tested for faults', () => expect(faultProjects()).toContain('apps/transcode'));
