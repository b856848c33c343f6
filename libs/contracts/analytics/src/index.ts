export * from './analytics.contract';
export * from './beacon';
export * from './session-token';
