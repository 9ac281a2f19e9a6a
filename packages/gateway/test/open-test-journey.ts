import { dialects, type JsonObject } from '@app/protocol';
import {
  aPrincipal,
  aTarget,
  createFakeCaller,
  createFakeClock,
  createFakeSend,
  createMemorySnapshot,
  type FakeAnswer,
  type FakeCaller,
  type FakeClock,
  type FakeSend,
  type MemorySnapshot,
} from '@app/testkit';
import {
  type Asked,
  type CallRecord,
  createJourney,
  createMemoryLimits,
  type Journey,
  type JourneySettings,
  type LimitNews,
  type LimitStore,
  type MemoryLimits,
  type Running,
  type Snapshot,
} from '../src/index.ts';

export type TestJourney = FakeClock & {
  provider: FakeSend;
  records: CallRecord[];
  /** The only record; throws when there is none or another. */
  record(): CallRecord;
  /** Starts a call and gives its caller. */
  call(changes?: Partial<Asked>): FakeCaller & { running: Running };
  defects: unknown[];
  authenticate: Journey['authenticate'];
  limits: MemoryLimits;
  news: LimitNews[];
};

export type TestJourneyOptions = {
  answers?: FakeAnswer[];
  snapshot?: MemorySnapshot;
  settings?: Partial<JourneySettings>;
  /** Which limits apply; none but those of the keys when absent. */
  findLimits?: NonNullable<Snapshot['findLimits']>;
  /** What the journey counts with, made from what counts in memory. */
  wrapLimits?: (limits: LimitStore) => LimitStore;
  /** Takes each function that waits for its record, instead of recording at once. */
  recordSoon?: (onKept: () => void) => void;
};

/** A journey with a clock that stands still, providers by script and a record that is kept. */
export function openTestJourney({
  answers = [],
  snapshot,
  settings = {},
  recordSoon,
  findLimits,
  wrapLimits = (limits) => limits,
}: TestJourneyOptions = {}): TestJourney {
  const time = createFakeClock();
  const provider = createFakeSend(...answers);
  const news: LimitNews[] = [];
  const tell = (told: LimitNews) => void news.push(told);
  const limits = createMemoryLimits({ clock: time.clock, tell });
  const records: CallRecord[] = [];
  const defects: unknown[] = [];
  let log: string[] = [];
  let spans = 0;
  const keep = (record: CallRecord): void => {
    records.push(record);
    log.push('record');
  };
  const soon =
    recordSoon === undefined
      ? {}
      : {
          recordSoon: (record: CallRecord, onKept: () => void) =>
            recordSoon(() => {
              keep(record);
              onKept();
            }),
        };
  const journey = createJourney({
    ...soon,
    snapshot: {
      ...createMemorySnapshot(snapshot ?? { models: { 'model-1': [aTarget()] } }),
      ...(findLimits === undefined ? {} : { findLimits }),
    },
    limitStore: wrapLimits(limits),
    tellNews: tell,
    digest: (text) => `digest of ${text}`,
    send: provider.send,
    record: keep,
    clock: time.clock,
    schedule: time.schedule,
    newTraceId: () => 'a'.repeat(32),
    newSpanId: () => String(++spans).padStart(16, '0'),
    settings,
    onDefect: (error) => defects.push(error),
  });
  return {
    ...time,
    provider,
    records,
    defects,
    limits,
    news,
    authenticate: journey.authenticate,
    record() {
      const [only] = records;
      if (only === undefined || records.length > 1) throw new Error(`There are ${records.length} records.`);
      return only;
    },
    call(changes = {}) {
      const caller = createFakeCaller();
      log = caller.log;
      const running = journey.start(asked(time, changes), caller.caller);
      return { ...caller, running };
    },
  };
}

function asked(time: FakeClock, changes: Partial<Asked>): Asked {
  const body = changes.body ?? { ok: true, value: chatBody() };
  return {
    dialect: dialects['openai-chat'],
    route: '/v1/chat/completions',
    principal: aPrincipal(),
    requestId: 'req_1',
    receivedAt: { epochMs: time.clock.nowMs(), monotonicMs: time.clock.monotonicMs() },
    bodyText: body.ok ? JSON.stringify(body.value) : '',
    ...changes,
    body,
  };
}

function chatBody(changes: JsonObject = {}): JsonObject {
  return { model: 'model-1', messages: [{ role: 'user', content: 'Hello there' }], ...changes };
}

/** A body to `start` with. */
export function chat(changes: JsonObject = {}): Pick<Asked, 'body'> {
  return { body: { ok: true, value: chatBody(changes) } };
}

/** A call in Anthropic's dialect. */
export function messages(changes: JsonObject = {}): Pick<Asked, 'body' | 'dialect' | 'route'> {
  const value = chatBody({ max_tokens: 100, ...changes });
  return { body: { ok: true, value }, dialect: dialects['anthropic-messages'], route: '/v1/messages' };
}
