import { backend, withClient } from '@kinora/testing';
// The same tests as on the PostgreSQL that npm brings: under the runner, `testDatabase` makes its databases there.
import './database.int.spec';

it('runs on PostgreSQL 15', async () => {
  const version = await withClient(backend('postgres').url, async (client) => client.query('show server_version'));
  expect(version.rows).toEqual([{ server_version: expect.stringMatching(/^15\./) as string }]);
});
