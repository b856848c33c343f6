/** The platform that the global set-up started. */
export interface Running {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly dataDir: string;
}

export function platform(): Running {
  const json = process.env['KINORA_E2E'];
  if (json === undefined) throw new Error('no platform: run these tests through apps/e2e/jest.config.cjs');
  return JSON.parse(json) as Running;
}
