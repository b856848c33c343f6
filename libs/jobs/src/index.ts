export * from './connection';
export * from './events';
export * from './failure';
export * from './flow';
export * from './slots';
export * from './producer';
export * from './relay';
export * from './worker';
