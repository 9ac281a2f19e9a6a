import type { Secret } from '@app/providers';
import { createClient } from '@redis/client';
import type { LimitScript } from './limit-scripts.ts';
import { readRedisAddress, redisClientOptions } from './redis-address.ts';

/** What a script answers: texts, in an order of its own. */
export type ScriptReply = readonly string[];

export type RedisConnection = {
  /** Runs a script once what was sent before has run. `done` runs once; with an `Error` when no answer came. */
  run(script: LimitScript, input: ScriptInput, done: (reply: ScriptReply | Error) => void): void;
  /** One plain command. */
  send(command: readonly string[], done: (reply: unknown) => void): void;
  isReady(): boolean;
  /** Runs on every new connection, before anything else is sent on it, and when one is lost. */
  onReady(run: () => void): void;
  onLost(run: (error: Error) => void): void;
  /** Ends it at once. */
  close(): void;
};

type ScriptInput = { keys: readonly string[]; args: readonly string[] };

export type RedisConnectionDeps = {
  /** `redis://`, `rediss://` for TLS, or `unix:` with a path. May hold a password, which nothing here shows. */
  url: Secret;
  /** PEM file of the authorities that may have signed the certificate of a `rediss://`; those of Node when absent. */
  caFile?: string | undefined;
  connectTimeoutMs: number;
  /** Longest wait between two tries to connect. */
  reconnectMsMax: number;
};

/**
 * One connection, on which commands are sent in order and never queued while it is away. Connects by itself, for ever. Throws
 * when the file of authorities cannot be read.
 */
export function openRedisConnection(deps: RedisConnectionDeps): RedisConnection {
  const client = createClient({
    ...addressOf(deps),
    RESP: 2,
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMANDS_MAX,
    maintNotifications: 'disabled',
  });
  const ready: (() => void)[] = [];
  const lost: ((error: Error) => void)[] = [];
  client.on('ready', () => {
    for (const run of ready) run();
  });
  // Also says why a try to connect failed; the client tries again by itself.
  client.on('error', (error: Error) => {
    for (const run of lost) run(error);
  });
  const send = (command: readonly string[], done: (reply: unknown) => void): void => {
    client.sendCommand([...command]).then(done, (error) => done(toError(error)));
  };
  const call = (verb: 'EVALSHA' | 'EVAL', code: string, { keys, args }: ScriptInput): string[] => {
    return [verb, code, String(keys.length), ...keys, ...args];
  };
  client.connect().catch(() => undefined);
  return {
    run(script, input, done) {
      send(call('EVALSHA', script.sha, input), (reply) => {
        if (reply instanceof Error && reply.message.startsWith('NOSCRIPT')) {
          send(call('EVAL', script.text, input), (again) => done(readReply(again)));
        } else {
          done(readReply(reply));
        }
      });
    },
    send,
    isReady: () => client.isReady,
    onReady: (run) => void ready.push(run),
    onLost: (run) => void lost.push(run),
    close: () => {
      if (client.isOpen) client.destroy();
    },
  };
}

/** More than this waiting means that Redis is not keeping up. */
const COMMANDS_MAX = 20_000;

function addressOf({ url, caFile, connectTimeoutMs, reconnectMsMax }: RedisConnectionDeps) {
  const reconnectStrategy = (retries: number) => Math.min(50 * 2 ** Math.min(retries, 10), reconnectMsMax);
  const waits = { connectTimeout: connectTimeoutMs, reconnectStrategy };
  return redisClientOptions(readRedisAddress(url.reveal(), { REDIS_CA_FILE: caFile }), waits);
}

function readReply(reply: unknown): ScriptReply | Error {
  if (reply instanceof Error) return reply;
  if (!Array.isArray(reply)) return new Error('Redis answered a script with something else than a list.');
  return reply.map(String);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
