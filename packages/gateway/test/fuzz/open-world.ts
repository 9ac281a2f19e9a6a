import { dialects } from '@app/protocol';
import { askedBody } from '@app/protocol/test/fuzz/asked-body.ts';
import type { FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';
import type { Provider } from '@app/providers';
import {
  aBudget,
  aLimit,
  aPrice,
  aPrincipal,
  aProvider,
  createFakeClock,
  type FakeClock,
} from '@app/testkit';
import {
  type Asked,
  type Caller,
  type CallRecord,
  createJourney,
  createMemoryLimits,
  createUnaryJourney,
  createUnaryOperations,
  type JourneyDeps,
  type ProviderReply,
  type Running,
  type Target,
  type UnarySnapshot,
} from '../../src/index.ts';
import { type WatchedLimits, watchLimits } from '../watch-limits.ts';

/** A provider's side of one request. */
export type Line = { reply: ProviderReply; isPaused: boolean; isOver: boolean };

/** A call to be made, and what happened on its provider's side. */
export type Party = { given: FuzzCase; lines: Line[]; requestId: string; changes?: Partial<Asked> };

/** One gateway for many calls, as in a process: what one call leaves behind, the next ones meet. */
export type World = FakeClock & {
  defects: unknown[];
  limits: WatchedLimits;
  start(party: Party, caller: Caller, targets: number): Running;
  /** The records of this call, which are then forgotten. */
  takeRecords(party: Party): CallRecord[];
};

export function openWorld(): World {
  const time = createFakeClock();
  const defects: unknown[] = [];
  const records = new Map<string, CallRecord[]>();
  const parties = new Map<string, { party: Party; targets: Target[] }>();
  /** By the provider's own address, which is another one for each call. */
  const called = new Map<string, Party>();
  let spans = 0;
  const findTargets = (model: string) => parties.get(model)?.targets ?? [];
  const snapshot: UnarySnapshot = {
    findPrincipal: () => undefined,
    findTargets,
    findLimits: () => LIMITS,
    modelOrder: () => [],
    findOperationTargets: ({ model = '' }) => ({ targets: findTargets(model), isKnown: true }),
  };
  const deps: JourneyDeps = {
    snapshot,
    digest: (text) => text,
    send: ({ provider }, reply) => {
      const line: Line = { reply, isPaused: false, isOver: false };
      const party = called.get(provider.baseUrl);
      if (party === undefined) throw new Error('A provider was asked that nobody named.');
      party.lines.push(line);
      return {
        pause: () => {
          line.isPaused = true;
        },
        resume: () => {
          line.isPaused = false;
        },
        cancel: () => {
          line.isOver = true;
        },
      };
    },
    record: (record) => {
      records.set(record.requestId, [...(records.get(record.requestId) ?? []), record]);
    },
    clock: time.clock,
    schedule: time.schedule,
    newTraceId: () => 'a'.repeat(32),
    newSpanId: () => String(++spans).padStart(16, '0'),
    onDefect: (error) => defects.push(error),
    settings: { replyBytesMax: 1_000_000 },
  };
  const limitStore = watchLimits(createMemoryLimits({ clock: time.clock }), false);
  const journey = createJourney({ ...deps, limitStore });
  const unary = createUnaryJourney({ ...deps, snapshot, limitStore });
  const operations = createUnaryOperations({
    registry: nobodysObjects,
    countTokens: async (texts) => texts.map(() => 1),
    findPrice: () => undefined,
  });

  return {
    ...time,
    defects,
    limits: limitStore,
    start(party, caller, count) {
      const { given, requestId } = party;
      const provider = providerOf(given);
      const model = `model-of-${given.canary}`;
      called.set(provider.baseUrl, party);
      parties.set(model, {
        party,
        targets: Array.from({ length: count }, () => ({ provider, model, price: PRICE })),
      });
      const about = {
        route: '/v1/anything',
        principal: PRINCIPAL,
        requestId,
        receivedAt: { epochMs: time.clock.nowMs(), monotonicMs: time.clock.monotonicMs() },
      };
      if (given.unary === undefined) {
        const body = askedBody(given, model);
        const dialect = dialects[given.caller];
        const asked = {
          ...about,
          dialect,
          body: { ok: true, value: body },
          bodyText: JSON.stringify(body),
        } as const;
        return journey.start({ ...asked, ...party.changes }, caller);
      }
      const { route, asked } = given.unary;
      const operation = operations.find((one) => one.route === route);
      if (operation === undefined) throw new Error(`There is no ${route}.`);
      const json = { max_tokens: 1, ...asked, model, user: given.canary };
      const value = {
        json,
        form: { parts: [] },
        params: { model },
        query: {},
        providerId: undefined,
        dialectHeaders: {},
        principal: PRINCIPAL,
      };
      return unary.start(
        {
          ...about,
          dialect: dialects[operation.dialect],
          operation,
          input: { ok: true, value },
          bodyText: JSON.stringify(json),
        },
        caller,
      );
    },
    takeRecords({ requestId, given }) {
      const found = records.get(requestId) ?? [];
      records.delete(requestId);
      parties.delete(`model-of-${given.canary}`);
      called.delete(baseUrlOf(given));
      return found;
    },
  };
}

const PRICE = aPrice({
  rates: { inputFresh: 1_000_000, inputCacheRead: 100_000, outputText: 2_000_000, outputImage: 40_000_000 },
});
const PRINCIPAL = aPrincipal();

/** Of every kind, and never reached: what a call is told is the same with them. */
const LIMITS = [
  aLimit({ max: 1e12 }),
  aLimit({ id: 'lim_places', measure: 'concurrency', period: undefined, max: 1e6 }),
  aLimit({ id: 'lim_tokens', measure: 'tokens', period: 'day', max: 1e15 }),
  aBudget({ max: 9e15 }),
].map((limit) => ({ limit, subject: '' }));

function providerOf(given: FuzzCase): Provider {
  const { dialect, framing } = given;
  const provider = aProvider({ id: `the-${dialect}`, dialect, baseUrl: baseUrlOf(given) });
  return framing === 'sse' ? provider : { ...provider, framing };
}

function baseUrlOf({ canary }: FuzzCase): string {
  return `https://${canary}.test/v1`;
}

const nobodysObjects = {
  keep: async () => true,
  find: async () => undefined,
  findFiles: async () => [],
  list: async () => [],
  remove: async () => undefined,
  claimUsage: async () => false,
};
