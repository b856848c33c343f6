export * from './connection';
export * from './events';
export * from './failure';
export * from './flow';
export * from './producer';
export * from './queue-metrics';
export * from './relay';
export * from './worker';
