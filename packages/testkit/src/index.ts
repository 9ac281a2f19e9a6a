export { playsAnthropic } from './anthropic-upstream.ts';
export * from './factories.ts';
export * from './fake-caller.ts';
export * from './fake-clock.ts';
export * from './fake-send.ts';
export * from './fake-upstream.ts';
export * from './memory-snapshot.ts';
export { playsOpenAi, type Saying } from './openai-upstream.ts';
export * from './upstream-scripts.ts';
