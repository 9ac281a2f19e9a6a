import { randomBytes } from 'node:crypto';
import type { CountName, Schedule } from '@app/gateway';
import { KEY_PREFIX, type LimitScripts } from './limit-scripts.ts';
import type { RedisConnection } from './open-redis-connection.ts';

/** What several servers that share counts know of each other and of what is durable. */
export type Fleet = {
  serverId: string;
  /** Makes all that this server settled before the call durable; false when that did not succeed. */
  flush(): Promise<boolean>;
  /** What this server settled of days and months that may not be durable yet. */
  listUnwritten(): (CountName & { used: number })[];
  /** Every server that lives, by id. May reject. */
  listLiveServers(): Promise<readonly string[]>;
};

/** A server alone, whose counts nothing keeps. */
export const ALONE: Fleet = {
  serverId: 'alone',
  flush: async () => true,
  listUnwritten: () => [],
  listLiveServers: async () => [],
};

export type DataDeps = {
  connection: RedisConnection;
  scripts: LimitScripts;
  schedule: Schedule;
  fleet: Fleet;
  /** How long data that is new waits for servers that live and do not come. */
  rollCallMs: number;
};

const DATA_KEY = `${KEY_PREFIX}data`;
/** Longer than any pause of all servers in which days and months are worth more in Redis than in PostgreSQL. */
const DATA_MS = 86_400_000;
const POLL_MS = 50;

/** Asks which data is in Redis; undefined when there was no answer. */
export function findData({ connection, scripts }: DataDeps, done: (id?: string) => void): void {
  connection.send(['INFO', 'server'], (info) => {
    // Where it may not be asked, a loss is only seen when everything is gone.
    const run = typeof info === 'string' ? (/^run_id:(\w+)/m.exec(info)?.[1] ?? '') : '';
    const args = [run, randomBytes(9).toString('hex'), String(DATA_MS)];
    connection.run(scripts.begin, { keys: [DATA_KEY], args }, (reply) => {
      done(reply instanceof Error ? undefined : reply[0]);
    });
  });
}

export function keepData({ connection }: Pick<DataDeps, 'connection'>): void {
  connection.send(['PEXPIRE', DATA_KEY, String(DATA_MS)], () => undefined);
}

export type RollCall = {
  id: string;
  /** Whether the connection on which it began is lost, or the server ends. */
  isOver: () => boolean;
  /** Others counted on this data before. */
  onLate: () => void;
  /** All servers are there, or are waited for no longer. */
  onOpen: () => void;
  /** The data is another by now, or there was no answer. */
  onGone: () => void;
};

/**
 * Says that this server joined, and waits for the others: nobody may seed a count from PostgreSQL before each of them has
 * written there what it settled. Whoever sees all of them begins for all.
 */
export async function callRoll(deps: DataDeps, call: RollCall): Promise<void> {
  const { connection, scripts, schedule, fleet, rollCallMs } = deps;
  const live = await fleet.listLiveServers().catch(() => undefined);
  let waitedMs = 0;
  const say = (verb: 'join' | 'open', done: (state: string, joined: readonly string[]) => void): void => {
    if (call.isOver()) return;
    connection.run(scripts.join, { keys: [DATA_KEY], args: [call.id, fleet.serverId, verb] }, (reply) => {
      if (call.isOver()) return;
      const [state = '', ...joined] = reply instanceof Error ? ['gone'] : reply;
      if (state === 'gone') call.onGone();
      else done(state, joined);
    });
  };
  const look = (state: string, joined: readonly string[]): void => {
    const isComplete = live?.every((id) => joined.includes(id)) === true;
    if (state === 'open') call.onOpen();
    else if (isComplete || waitedMs >= rollCallMs) say('open', call.onOpen);
    else {
      waitedMs += POLL_MS;
      schedule(POLL_MS, () => say('join', look));
    }
  };
  say('join', (state, joined) => {
    if (state === 'open') call.onLate();
    look(state, joined);
  });
}
