export * from './auth.contract';
export * from './api-keys.contract';
export * from './internal.contract';
export * from './mfa.contract';
