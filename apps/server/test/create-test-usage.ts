import type { CountName, FindSpent, LimitJournal } from '@app/gateway';
import type { Fleet } from '../src/limits/redis/enter-data.ts';

/** What is durable of counts, as several servers write it behind their calls: only when they are told to. */
export type TestUsage = {
  /** What one server has; `isReachable` false is one that cannot write. */
  server(id: string): {
    fleet: Fleet;
    findSpent: FindSpent;
    journal: LimitJournal;
    write(): void;
    setReachable(isReachable: boolean): void;
  };
  durable(limitId: string): number;
};

export function createTestUsage(liveServers: () => readonly string[]): TestUsage {
  const durable = new Map<string, number>();
  const nameOf = ({ limitId, subject, periodStartMs }: CountName) =>
    `${limitId}\n${periodStartMs}\n${subject}`;
  return {
    durable: (limitId) =>
      [...durable].reduce((sum, [name, used]) => (name.startsWith(`${limitId}\n`) ? sum + used : sum), 0),
    server(serverId) {
      let waiting: (CountName & { used: number })[] = [];
      let isReachable = true;
      const write = () => {
        for (const { used, ...name } of waiting)
          durable.set(nameOf(name), (durable.get(nameOf(name)) ?? 0) + used);
        waiting = [];
      };
      const flush = async () => {
        if (isReachable) write();
        return isReachable;
      };
      return {
        write,
        setReachable(next) {
          isReachable = next;
        },
        fleet: {
          serverId,
          flush,
          listUnwritten: () => [...waiting],
          listLiveServers: async () => liveServers(),
        },
        async findSpent(counts) {
          if (!(await flush())) throw new Error('nothing durable answers');
          return counts.map((name) => durable.get(nameOf(name)) ?? 0);
        },
        journal: {
          reserved: () => undefined,
          settled(_id, claims, used) {
            for (const [at, { limitId, subject, periodStartMs }] of claims.entries())
              waiting.push({ limitId, subject, periodStartMs, used: used[at] ?? 0 });
          },
        },
      };
    },
  };
}
