export * from './channels.contract';
export * from './events';
export * from './internal.contract';
export * from './jobs';
export * from './playback.contract';
export * from './search.contract';
export * from './videos.contract';
export * from './webhooks.contract';
