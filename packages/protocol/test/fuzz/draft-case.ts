import {
  type CallerDialectId,
  type DialectId,
  dialects,
  type Frame,
  type Json,
  type JsonObject,
  parseJson,
  writeFrame,
} from '../../src/index.ts';
import { writeAwsFrames } from './aws-frames.ts';
import type { Sample, Samples } from './list-samples.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateFrames } from './mutate-frames.ts';
import { copyJson, markTexts, mutateJson } from './mutate-json.ts';
import { openRandom, type Random } from './open-random.ts';

/** What a provider answers, and who asked. All of it follows from the seed and the number. */
export type FuzzCase = {
  seed: number;
  number: number;
  /** Where the answer began, and everything that was done to it. */
  title: string;
  changes: readonly string[];
  caller: CallerDialectId;
  /** The provider's. */
  dialect: DialectId;
  framing: 'sse' | 'aws-event-stream';
  asks: 'stream' | 'whole' | 'unary';
  /** Of a request that is no conversation. */
  unary?: { route: string; asked: JsonObject };
  status: number;
  headers: { [name: string]: string };
  pieces: readonly Buffer[];
  ending: 'end' | 'fail' | 'hang';
  /** A text that stands nowhere but in this case's request and answer. */
  canary: string;
};

const KINDS = [
  'stream',
  'stream',
  'stream',
  'stream',
  'stream',
  'whole',
  'whole',
  'whole',
  'error',
  'unary',
] as const;
const CALLERS = Object.keys(dialects) as CallerDialectId[];

/** The case of this number. One in twenty is left as it was, so that good endings are met too. */
export function draftCase(samples: Samples, { seed, number }: { seed: number; number: number }): FuzzCase {
  const random = openRandom(seed, number);
  const sample = random.pick(samples[random.pick(KINDS)]);
  const canary = canaryOf(number);
  const changes: string[] = [];
  const isChanged = random.chance(0.95);
  const other = random.pick(samples[random.pick(KINDS)]);
  const framing = framingOf(random, sample);
  const answer = { sample, other, random, changes, canary, isChanged, framing };
  const bytes = changedBytes(answer, answerBytes(answer));
  const asks = asksOf(random, sample);
  return {
    seed,
    number,
    title: `${sample.title} (${sample.dialect}, ${sample.kind})`,
    changes,
    caller: random.chance(0.3) ? callerOf(sample.dialect) : random.pick(CALLERS),
    dialect: sample.dialect,
    framing,
    asks,
    ...(sample.kind === 'unary' ? { unary: { route: sample.route, asked: sample.asked } } : {}),
    ...headOf(answer),
    pieces: piecesOf(random, bytes),
    ending: isChanged ? endingOf(random) : 'end',
    canary,
  };
}

/** A text with a check digit or two, so that one that was damaged is not taken for another. */
export function canaryOf(number: number): string {
  return `canary${number}x${(number * 7_919) % 9_973}y`;
}

type Answer = {
  sample: Sample;
  other: Sample;
  random: Random;
  changes: string[];
  canary: string;
  isChanged: boolean;
  framing: FuzzCase['framing'];
};

function callerOf(dialect: DialectId): CallerDialectId {
  return dialect === 'bedrock-converse' ? 'anthropic-messages' : dialect;
}

function framingOf(random: Random, { dialect, kind }: Sample): FuzzCase['framing'] {
  const isAws = dialect === 'bedrock-converse' || (dialect === 'anthropic-messages' && random.chance(0.15));
  return isAws && kind !== 'unary' ? 'aws-event-stream' : 'sse';
}

/** A stream is now and then what comes where a whole reply was asked for, and the other way round. */
function asksOf(random: Random, { kind }: Sample): FuzzCase['asks'] {
  if (kind === 'unary') return 'unary';
  const isStream = kind === 'error' ? random.chance(0.5) : (kind === 'stream') !== random.chance(0.03);
  return isStream ? 'stream' : 'whole';
}

function answerBytes(answer: Answer): Buffer {
  const { sample, random, framing } = answer;
  if (sample.kind !== 'stream') {
    if (typeof sample.body === 'string') return Buffer.from(sample.body);
    return Buffer.from(JSON.stringify(changedBody(answer, sample.body)));
  }
  const frames = changedFrames(answer, sample.frames);
  if (framing === 'aws-event-stream') return writeAwsFrames(frames, sample.dialect !== 'bedrock-converse');
  const text = frames.map(writeFrame).join('');
  return Buffer.from(answer.isChanged && random.chance(0.15) ? oddlyFramed(answer, text) : text);
}

function changedBody({ random, other, changes, canary, isChanged }: Answer, came: Json): Json {
  const body = copyJson(came);
  markTexts(random, body, canary);
  const wrapped = [body];
  for (let left = isChanged && random.chance(0.8) ? 1 + random.below(3) : 0; left > 0; left -= 1)
    changes.push(mutateJson(random, wrapped, donorOf(random, other)));
  return wrapped[0] ?? null;
}

function changedFrames(answer: Answer, came: readonly Frame[]): Frame[] {
  const { random, other, changes, isChanged, canary } = answer;
  const frames = [...came];
  for (let marks = 0; marks < 2 && frames.length > 0; marks += 1)
    changeData(frames, random.below(frames.length), (body) => markTexts(random, body, canary));
  if (!isChanged) return frames;
  for (let left = random.chance(0.6) ? 1 + random.below(4) : 0; left > 0 && frames.length > 0; left -= 1) {
    changeData(frames, random.below(frames.length), (body) => {
      changes.push(mutateJson(random, body, donorOf(random, other)));
    });
  }
  const others = other.kind === 'stream' ? other.frames : [];
  for (let left = random.chance(0.5) ? 1 + random.below(2) : 0; left > 0; left -= 1)
    changes.push(mutateFrames(random, frames, others));
  return frames.slice(0, FRAMES_MAX);
}

const FRAMES_MAX = 200;

function changeData(frames: Frame[], at: number, change: (body: Json) => void): void {
  const frame = frames[at];
  const body = frame === undefined ? undefined : parseJson(frame.data);
  if (frame === undefined || typeof body !== 'object' || body === null) return;
  change(body);
  frames[at] = { ...frame, data: JSON.stringify(body) };
}

function donorOf(random: Random, other: Sample): Json {
  if (other.kind !== 'stream') return other.body;
  return other.frames.length === 0 ? null : (parseJson(random.pick(other.frames).data) ?? null);
}

/** Fields without their space, other line ends, comments and fields that mean nothing. */
function oddlyFramed({ random, changes }: Answer, text: string): string {
  const how = random.pick(Object.keys(ODD_FRAMINGS));
  changes.push(how);
  return ODD_FRAMINGS[how]?.(text) ?? text;
}

const ODD_FRAMINGS: { [how: string]: (text: string) => string } = {
  'line ends of CR and LF': (text) => text.replaceAll('\n', '\r\n'),
  'line ends of CR': (text) => text.replaceAll('\n', '\r'),
  'no space behind the colon': (text) => text.replaceAll(': ', ':'),
  'comments between': (text) => text.replaceAll('\n\n', '\n\n: waiting\n\n: waiting\n\n'),
  'comments without end': (text) => `${': waiting\n\n'.repeat(500)}${text}${': waiting\n'.repeat(500)}`,
  'other fields': (text) => text.replaceAll('data: ', 'id: 7\nretry: 1\nunknown\ndata: '),
  'data over two lines': (text) => text.replaceAll(',"', ',\ndata: "'),
  'no blank line at the end': (text) => text.trimEnd(),
};

function changedBytes({ random, changes, isChanged }: Answer, came: Buffer): Buffer {
  let bytes = came;
  for (let left = isChanged && random.chance(0.4) ? 1 + random.below(3) : 0; left > 0; left -= 1) {
    const changed = mutateBytes(random, bytes);
    changes.push(changed.name);
    bytes = changed.bytes;
  }
  return bytes.subarray(0, BYTES_MAX);
}

const BYTES_MAX = 200_000;

function headOf({
  random,
  sample,
  framing,
  changes,
  isChanged,
}: Answer): Pick<FuzzCase, 'status' | 'headers'> {
  const contentType = contentTypeOf(sample, framing);
  const usual = sample.kind === 'error' ? random.pick([400, 401, 404, 413, 422, 429, 500, 503, 529]) : 200;
  if (!isChanged || random.chance(0.85)) return { status: usual, headers: { 'content-type': contentType } };
  const status = random.chance(0.5) ? random.pick(STATUSES) : usual;
  const headers: { [name: string]: string } = {};
  const type = random.pick([contentType, ...CONTENT_TYPES]);
  if (type !== '') headers['content-type'] = type;
  if (random.chance(0.4)) headers['retry-after'] = random.pick(RETRY_AFTERS);
  if (random.chance(0.2)) headers['content-encoding'] = 'gzip';
  changes.push(`status ${status}, ${JSON.stringify(headers)}`);
  return { status, headers };
}

function contentTypeOf(sample: Sample, framing: FuzzCase['framing']): string {
  if (sample.kind === 'unary') return sample.contentType ?? 'application/json';
  if (sample.kind !== 'stream') return 'application/json';
  return framing === 'sse' ? 'text/event-stream' : 'application/vnd.amazon.eventstream';
}

const STATUSES = [
  200, 201, 204, 206, 299, 302, 304, 307, 400, 402, 403, 408, 418, 451, 499, 502, 504, 599, 999,
];
const CONTENT_TYPES = [
  '',
  'text/html',
  'TEXT/HTML; charset=utf-8',
  'text/plain',
  'application/json; charset=utf-16',
  'Application/JSON',
  'text/event-stream;charset=UTF-8',
  'application/octet-stream',
  'nonsense',
  'audio/mpeg',
];
const RETRY_AFTERS = ['0', '5', '59', '60', '1e9', '-1', '', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT', '١٢'];

function endingOf(random: Random): FuzzCase['ending'] {
  if (random.chance(0.88)) return 'end';
  return random.chance(0.7) ? 'fail' : 'hang';
}

/** Pieces of any size, none at all among them. Bytes one by one only where there are few. */
function piecesOf(random: Random, bytes: Buffer): Buffer[] {
  const sizeMax = random.pick([bytes.length, bytes.length, 4_096, 700, bytes.length < 600 ? 1 : 400]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(Math.max(1, sizeMax));
    pieces.push(bytes.subarray(at, at + size));
    if (random.chance(0.02)) pieces.push(Buffer.alloc(0));
    at += size;
  }
  return pieces;
}
