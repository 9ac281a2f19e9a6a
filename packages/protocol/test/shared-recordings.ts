import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type DialectId,
  type Frame,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  writeFrame,
} from '../src/index.ts';

/** Real replies and streams, kept outside the project: `$EVAL_DATA`, or `../shared/data` beside it. */
export const DATA = process.env.EVAL_DATA ?? resolve(import.meta.dirname, '../../../../shared/data');
const ROOT = join(DATA, 'recordings');

export const isDataPresent = existsSync(ROOT);

/** One recorded answer. A file may hold several streams, one after the other; `title` is the file's, with a number. */
export type SharedRecording = { title: string; provider: string } & (
  | { kind: 'whole'; dialect: DialectId; body: Json }
  /** `bytes` are server-sent events; `frames` are what another framing carries. */
  | { kind: 'stream'; dialect: DialectId; frames: Frame[]; bytes: Buffer | undefined; isCut: boolean }
  | { kind: 'error'; dialect: DialectId; body: Json }
  | { kind: 'foreign'; why: string }
);

export function listSharedRecordings(): SharedRecording[] {
  if (!isDataPresent) return [];
  return readdirSync(ROOT).flatMap((provider) =>
    readdirSync(join(ROOT, provider)).flatMap((file) => {
      const text = readFileSync(join(ROOT, provider, file), 'utf8');
      const at = { title: `${provider}/${file}`, provider };
      return file.endsWith('.json') ? [readWhole(at, text)] : readStreams(at, linesOf(file, text));
    }),
  );
}

type At = { title: string; provider: string };

/** What is no conversation, or one in a format that no dialect of ours is. */
const FOREIGN: [RegExp | ((body: JsonObject) => boolean), string][] = [
  [
    (body) => body.object === 'interaction' || isObject(body.interaction),
    "Google's Interactions API, which no dialect of ours is",
  ],
  [(body) => isObject(body.setupComplete), "Google's Live API: a session over a WebSocket, passed through"],
  [(body) => Array.isArray(body.results), 'reranking: no conversation, passed through'],
  [
    (body) => body.task === 'transcribe' || /transcription/.test(`${body.url}`),
    'transcription: no conversation, passed through',
  ],
  [
    (body) => isObject(body.headers) && body.body !== undefined,
    'transcription: no conversation, passed through',
  ],
  [
    (body) => body.object === 'skill' || body.type === 'skill_version' || body.latest_version !== undefined,
    'an answer of the skills endpoint: no conversation',
  ],
  [/^cohere\//, "Cohere's own chat API: its row speaks the compatible one"],
];

function foreign(at: At, body: JsonObject): SharedRecording | undefined {
  const found = FOREIGN.find(([test]) => (test instanceof RegExp ? test.test(at.title) : test(body)));
  return found === undefined ? undefined : { ...at, kind: 'foreign', why: found[1] };
}

function readWhole(at: At, text: string): SharedRecording {
  const body = parseJson(text);
  if (!isObject(body)) return { ...at, kind: 'foreign', why: 'not a JSON object' };
  const known = foreign(at, body);
  if (known !== undefined) return known;
  if (isObject(body.error) && body.object === undefined)
    return { ...at, kind: 'error', dialect: at.provider === 'google' ? 'gemini' : 'openai-chat', body };
  const dialect = wholeDialect(body);
  return dialect === undefined
    ? { ...at, kind: 'foreign', why: 'of no known shape' }
    : { ...at, kind: 'whole', dialect, body };
}

function wholeDialect(body: JsonObject): DialectId | undefined {
  const [choice] = Array.isArray(body.choices) ? body.choices : [];
  if (body.type === 'message') return 'anthropic-messages';
  if (body.object === 'response') return 'openai-responses';
  if (body.object === 'text_completion') return 'openai-completions';
  if (isObject(choice) && isObject(choice.message)) return 'openai-chat';
  if (Array.isArray(body.candidates)) return 'gemini';
  return isObject(body.output) && isObject(body.output.message) ? 'bedrock-converse' : undefined;
}

function readStreams(at: At, lines: string[]): SharedRecording[] {
  const chunks = lines.map((line) => parseJson(line)).filter(isObject);
  const [first] = chunks;
  if (first === undefined) return [{ ...at, kind: 'foreign', why: 'holds no event' }];
  const known = foreign(at, first);
  if (known !== undefined) return [known];
  const dialect = chunks.map(chunkDialect).find((one) => one !== undefined);
  if (dialect === undefined) return [{ ...at, kind: 'foreign', why: 'of no known shape' }];
  const groups = groupsOf(dialect, chunks);
  return groups.map((group, place) =>
    streamOf(groups.length > 1 ? { ...at, title: `${at.title} #${place + 1}` } : at, dialect, group),
  );
}

function chunkDialect(chunk: JsonObject): DialectId | undefined {
  const { type, choices, candidates } = chunk;
  const [choice] = Array.isArray(choices) ? choices : [];
  if (type === 'message_start') return 'anthropic-messages';
  if (typeof type === 'string' && type.startsWith('response.')) return 'openai-responses';
  if (isObject(choice) && isObject(choice.delta)) return 'openai-chat';
  if (Array.isArray(candidates)) return 'gemini';
  return CONVERSE.some((name) => isObject(chunk[name])) ? 'bedrock-converse' : undefined;
}

const CONVERSE = ['messageStart', 'contentBlockStart', 'contentBlockDelta', 'messageStop'];
/** The event that ends a reply, by dialect; the others end when their bytes do. */
const ENDS: Partial<Record<DialectId, RegExp>> = {
  'anthropic-messages': /^message_stop$/,
  'openai-responses': /^response\.(?:completed|incomplete|failed)$/,
};

function groupsOf(dialect: DialectId, chunks: JsonObject[]): JsonObject[][] {
  const end = ENDS[dialect];
  const groups: JsonObject[][] = [[]];
  for (const chunk of chunks) {
    const isOver = end?.test(`${groups.at(-1)?.at(-1)?.type}`);
    if (isOver && /^(?:message_start|response\.created)$/.test(`${chunk.type}`)) groups.push([]);
    groups.at(-1)?.push(chunk);
  }
  return groups;
}

function streamOf(at: At, dialect: DialectId, chunks: JsonObject[]): SharedRecording {
  const frames = chunks.map((chunk) => frameOf(dialect, chunk));
  if (dialect === 'openai-chat') frames.push({ data: '[DONE]' });
  const isFramedOtherwise = dialect === 'bedrock-converse';
  const bytes = isFramedOtherwise ? undefined : Buffer.from(frames.map(writeFrame).join(''));
  const starts = chunks.filter(({ type }) => type === 'message_start').length;
  const end = ENDS[dialect];
  const isCut = starts > 1 || (end !== undefined && !end.test(`${chunks.at(-1)?.type}`));
  return { ...at, kind: 'stream', dialect, frames, bytes, isCut };
}

function frameOf(dialect: DialectId, chunk: JsonObject): Frame {
  if (dialect === 'bedrock-converse') {
    const [[event, value] = ['', {}]] = Object.entries(chunk);
    return { event, data: JSON.stringify(value) };
  }
  const isNamed = dialect === 'anthropic-messages' || dialect === 'openai-responses';
  return isNamed ? { event: `${chunk.type}`, data: JSON.stringify(chunk) } : { data: JSON.stringify(chunk) };
}

function linesOf(file: string, text: string): string[] {
  const lines = text.split('\n').filter(Boolean);
  if (!file.endsWith('.sse')) return lines;
  return lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice('data: '.length));
}
