export * from './encodings.contract';
export * from './events';
export * from './jobs';
