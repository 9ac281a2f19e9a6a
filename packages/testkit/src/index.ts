export * from './fake-upstream.ts';
export * from './upstream-scripts.ts';
