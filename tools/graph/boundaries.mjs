/**
 * The arrows that are allowed between projects (docs/architecture.md, "The house").
 * `type` says what a project is made of, `scope` whose it is. No project may carry a tag that is not listed here.
 */
const scoped = ['auth', 'upload', 'transcode', 'catalog', 'analytics', 'live', 'edge', 'web', 'encoder'];

export const boundaries = [
  // An app is never imported; another service is reached only through its contract.
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:pure', 'type:testing'] },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:contract', 'type:pure', 'type:web', 'type:testing'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:pure', 'type:testing'] },
  {
    sourceTag: 'type:pure',
    onlyDependOnLibsWithTags: ['type:pure', 'type:contract', 'type:testing'],
    bannedExternalImports: [
      'express',
      'knex',
      'pg',
      'bullmq',
      'ioredis',
      '@aws-sdk/*',
      '@opensearch-project/*',
      'execa',
    ],
  },
  // A contract is safe in the browser bundle: zod and nothing else.
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'], allowedExternalImports: ['zod', 'ulid'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:pure', 'type:testing'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:pure', 'type:testing', 'type:tool'],
  },
  // Journeys know the platform by its URLs; what starts it is a tool.
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:pure', 'type:testing', 'type:tool'],
  },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared', 'type:contract'] },
  ...scoped.map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared', 'type:contract'],
  })),
];
