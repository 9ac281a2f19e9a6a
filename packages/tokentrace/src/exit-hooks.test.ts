import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addExitHook } from './exit-hooks.ts';

/** The hooks of a process are kept on the global object, once for all copies of the package. */
const CELL = Symbol.for('tokentrace.leaving');
let host: EventEmitter & { pid: number; kill(pid: number, signal: string | number): void };
let did: string[];
let recorded = 0;

beforeEach(() => {
  Reflect.deleteProperty(globalThis, CELL);
  did = [];
  host = Object.assign(new EventEmitter(), {
    pid: 7,
    kill: (pid: number, signal: string | number) => void did.push(`kill ${pid} ${signal}`),
  });
});
afterEach(() => Reflect.deleteProperty(globalThis, CELL));

const hook = (name: string) =>
  addExitHook(host, {
    recorded: () => recorded,
    flush: async () => {
      await setImmediate();
      did.push(`${name} sent`);
    },
    giveUp: () => void did.push(`${name} gave up`),
  });

test('a signal that only we listen to ends the process by that signal, once all tracers have sent', async () => {
  hook('one');
  hook('two');
  host.emit('SIGTERM', 'SIGTERM');
  expect(host.listenerCount('SIGTERM')).toBe(0);
  await expect.poll(() => did).toEqual(['one sent', 'two sent', 'kill 7 SIGTERM']);
});

test('a signal that the app listens to is the app’s to answer', async () => {
  hook('one');
  host.on('SIGINT', () => void did.push('app'));
  host.emit('SIGINT', 'SIGINT');
  await expect.poll(() => did).toEqual(['app', 'one sent']);
  await setImmediate();
  expect(did).not.toContain('kill 7 SIGINT');
});

test('at the end a tracer sends, at the last moment it gives up, and one that was shut does neither', async () => {
  hook('one');
  hook('two')();
  host.emit('beforeExit', 0);
  await expect.poll(() => did).toEqual(['one sent']);
  host.emit('exit', 0);
  expect(did).toEqual(['one sent', 'one gave up']);
});

test('a process that comes to its end again sends again only what was recorded since', async () => {
  hook('one');
  for (let round = 0; round < 3; round += 1) {
    host.emit('beforeExit', 0);
    await setImmediate();
  }
  expect(did).toEqual(['one sent']);
  recorded += 1;
  host.emit('beforeExit', 0);
  await expect.poll(() => did).toEqual(['one sent', 'one sent']);
});

test('a runtime without a process is left as it is', () => {
  expect(
    addExitHook(undefined, { recorded: () => 0, flush: async () => {}, giveUp: () => {} })(),
  ).toBeUndefined();
});
