export * from './database';
export * from './idempotency';
export * from './migrations';
export * from './outbox';
