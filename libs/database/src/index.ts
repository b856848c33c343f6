export * from './database';
export * from './idempotency';
export * from './measure';
export * from './migrate-command';
export * from './migrations';
export * from './outbox';
