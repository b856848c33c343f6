export * from './client';
export * from './endpoint';
export * from './ids';
export * from './job';
export * from './pages';
export * from './principal';
export * from './problem';
export * from './errors';
