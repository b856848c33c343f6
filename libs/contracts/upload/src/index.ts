export * from './events';
export * from './uploads.contract';
