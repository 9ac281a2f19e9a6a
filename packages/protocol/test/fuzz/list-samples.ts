import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type CallerDialectId,
  type DialectId,
  dialects,
  ERRORS,
  type ErrorCode,
  explode,
  type Frame,
  GatewayError,
  type Json,
} from '../../src/index.ts';
import { arbitraryReply } from '../arbitrary-reply.ts';
import { converseFrames, converseReply } from '../converse-server.ts';
import { framesOf, written } from '../laws.ts';
import { listRecordings, readStream, readWhole } from '../recordings.ts';
import { listSharedRecordings } from '../shared-recordings.ts';
import { type UnarySample, unarySamples } from './unary-samples.ts';

/** A provider's answer as it should be, before anything is done to it. */
export type Sample = { title: string; dialect: DialectId } & (
  | { kind: 'stream'; frames: readonly Frame[] }
  | { kind: 'whole' | 'error'; body: Json }
  | UnarySample
);

/** By what they are, so that each kind has its share of the cases. */
export type Samples = { readonly [kind in Sample['kind']]: readonly Sample[] };

const CALLERS = Object.keys(dialects) as CallerDialectId[];
const GENERATED = 30;

/**
 * Everything we know a provider to say: our recordings, the real ones where they are present, replies that are made up
 * and written by ourselves, refusals, and answers that are no conversation. The same in every run.
 */
export function listSamples({ isShared = true } = {}): Samples {
  const samples: Sample[] = [
    ...recorded(),
    ...golden(),
    ...(isShared ? shared() : []),
    ...CALLERS.flatMap(generated),
    ...refusals(),
    ...unarySamples.map((sample) => ({ ...sample, title: `unary ${sample.route}` })),
  ];
  // Folders are listed in another order elsewhere.
  const sorted = samples
    .filter((sample) => sample.kind === 'stream' || JSON.stringify(sample.body).length < CHARS_MAX)
    .toSorted((one, other) => (one.title < other.title ? -1 : Number(one.title > other.title)));
  const of = (kind: Sample['kind']) => sorted.filter((sample) => sample.kind === kind);
  return { stream: of('stream'), whole: of('whole'), error: of('error'), unary: of('unary') };
}

function recorded(): Sample[] {
  const streams = [
    ...listRecordings('stream').map((one) => ({ ...one, ending: '.sse' })),
    ...listRecordings('failed').map((one) => ({ ...one, ending: '.failed.sse' })),
  ];
  return [
    ...streams.map((one) => {
      const frames = framesOf(readStream(one, one.ending), [65_536]);
      return streamOf({ title: `${one.dialect}/${one.name}`, dialect: one.dialect }, frames);
    }),
    ...listRecordings('whole').map((one) => {
      const about = { title: `${one.dialect}/${one.name}`, dialect: one.dialect };
      return { ...about, kind: 'whole' as const, body: readWhole(one) };
    }),
  ];
}

const GOLDEN = join(import.meta.dirname, '../../golden');

function golden(): Sample[] {
  const cases = readdirSync(GOLDEN).filter((name) => name.startsWith('reply-'));
  return cases.flatMap((name) =>
    readdirSync(join(GOLDEN, name)).flatMap((file): Sample[] => {
      const dialect = CALLERS.find((id) => file.includes(`.${id}.`));
      if (dialect === undefined) return [];
      const body: Json = JSON.parse(readFileSync(join(GOLDEN, name, file), 'utf8'));
      return [{ title: `golden/${name}`, dialect, kind: 'whole', body }];
    }),
  );
}

function shared(): Sample[] {
  return listSharedRecordings().flatMap((one): Sample[] => {
    if (one.kind === 'foreign') return [];
    const { title, dialect } = one;
    return [
      one.kind === 'stream'
        ? streamOf({ title, dialect }, one.frames)
        : { title, dialect, kind: one.kind, body: one.body },
    ];
  });
}

/** Replies in one dialect, written in it, and in Converse's words. */
function generated(dialect: CallerDialectId): Sample[] {
  const replies = fc.sample(arbitraryReply(dialect), { seed: 20_260_101, numRuns: GENERATED });
  const title = `made up for ${dialect}`;
  return replies.flatMap((reply): Sample[] => {
    const frames = framesOf(Buffer.from(written(dialects[dialect], explode(reply))), [65_536]);
    const body: Json = JSON.parse(JSON.stringify(dialects[dialect].inbound.writeReply(reply)));
    const converse = { title, dialect: 'bedrock-converse' } as const;
    return [
      streamOf({ title, dialect }, frames),
      { title, dialect, kind: 'whole', body },
      streamOf(converse, converseFrames(reply)),
      { ...converse, kind: 'whole', body: JSON.parse(JSON.stringify(converseReply(reply))) },
    ];
  });
}

function refusals(): Sample[] {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  const ours = CALLERS.flatMap((dialect) =>
    codes.map((code): Sample => {
      const error = new GatewayError(code, 'Something is wrong with it.', { param: 'x', retryAfterS: 3 });
      const { body } = dialects[dialect].inbound.writeError(error, 'req_1');
      return { title: `refusal ${code}`, dialect, kind: 'error', body: JSON.parse(JSON.stringify(body)) };
    }),
  );
  const theirs = [...CALLERS, 'bedrock-converse' as const].flatMap((dialect) =>
    REFUSALS.map((body): Sample => ({ title: 'a refusal', dialect, kind: 'error', body })),
  );
  return [...ours, ...theirs];
}

const REFUSALS: readonly Json[] = [
  { message: 'Too many tokens, please wait before trying again.' },
  { Message: 'Denied', __type: 'com.amazon.coral#AccessDenied' },
  { error: 'model not found' },
  { error: { message: 'maximum context length is 8 tokens', code: 'context_length_exceeded' } },
  { detail: [{ loc: ['body', 'x'], msg: 'field required' }] },
  [{ error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED', details: [] } }],
  { object: 'error', message: 'bad', code: 40_301 },
  'Bad gateway',
];

const CHARS_MAX = 16_000;
const FRAMES_KEPT = 12;

/** A long stream is its beginning and its end. */
function streamOf(about: { title: string; dialect: DialectId }, came: readonly Frame[]): Sample {
  const frames = came.map(({ event, data }): Frame => (event === undefined ? { data } : { event, data }));
  const chars = frames.reduce((sum, { data }) => sum + data.length, 0);
  const isShort = chars < CHARS_MAX && frames.length < 100;
  const kept = isShort ? frames : [...frames.slice(0, FRAMES_KEPT), ...frames.slice(-FRAMES_KEPT)];
  return { ...about, kind: 'stream', frames: kept.filter(({ data }) => data.length < CHARS_MAX) };
}
