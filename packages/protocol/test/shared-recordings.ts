import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CallerDialectId, isObject, type Json, type JsonObject, parseJson } from '../src/index.ts';

/** Real replies and streams, kept outside the project: `$EVAL_DATA`, or `../shared/data` beside it. */
export const DATA = process.env.EVAL_DATA ?? resolve(import.meta.dirname, '../../../../shared/data');
const ROOT = join(DATA, 'recordings');

export const isDataPresent = existsSync(ROOT);

/** One reply of a recorded stream, as server-sent events. */
export type SharedStream = { title: string; dialect: CallerDialectId; bytes: Buffer; isCut: boolean };
export type SharedWhole = { title: string; dialect: CallerDialectId; body: Json };

export function listSharedWholes(): SharedWhole[] {
  return listFiles('.json').flatMap(({ title, text }): SharedWhole[] => {
    const body = parseJson(text);
    if (!isObject(body)) return [];
    if (body.type === 'message') return [{ title, dialect: 'anthropic-messages', body }];
    const [choice] = Array.isArray(body.choices) ? body.choices : [];
    return isObject(choice) && isObject(choice.message) ? [{ title, dialect: 'openai-chat', body }] : [];
  });
}

/** A file may hold several replies, one after the other. */
export function listSharedStreams(): SharedStream[] {
  const files = [
    ...listFiles('.chunks.txt').map(({ title, text }) => ({
      title,
      lines: text.split('\n').filter(Boolean),
    })),
    ...listFiles('.sse').map(({ title, text }) => ({ title, lines: dataLines(text) })),
  ];
  return files.flatMap(({ title, lines }): SharedStream[] => {
    const chunks = lines.map((line) => parseJson(line)).filter(isObject);
    if (chunks.some((chunk) => chunk.type === 'message_start')) return anthropicStreams(title, chunks);
    const isOpenai =
      chunks.some(({ object }) => `${object}`.startsWith('chat.completion')) || hasDeltas(chunks);
    return isOpenai ? [openaiStream(title, chunks)] : [];
  });
}

function hasDeltas(chunks: JsonObject[]): boolean {
  return chunks.some(
    ({ choices }) => Array.isArray(choices) && isObject(choices[0]) && isObject(choices[0].delta),
  );
}

function openaiStream(title: string, chunks: JsonObject[]): SharedStream {
  const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  const bytes = Buffer.from(`${frames.join('')}data: [DONE]\n\n`);
  return { title, dialect: 'openai-chat', bytes, isCut: false };
}

/** A reply ends with `message_stop`; what begins anew before that was cut. */
function anthropicStreams(title: string, chunks: JsonObject[]): SharedStream[] {
  const groups: JsonObject[][] = [];
  for (const chunk of chunks) {
    const isOver = groups.at(-1)?.at(-1)?.type === 'message_stop';
    if (groups.length === 0 || (isOver && chunk.type === 'message_start')) groups.push([]);
    groups.at(-1)?.push(chunk);
  }
  return groups.map((group, place) => ({
    title: `${title} #${place + 1}`,
    dialect: 'anthropic-messages',
    bytes: Buffer.from(group.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('')),
    isCut:
      group.filter((one) => one.type === 'message_start').length !== 1 ||
      group.at(-1)?.type !== 'message_stop',
  }));
}

function dataLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => line.slice('data: '.length));
}

function listFiles(ending: string): { title: string; text: string }[] {
  if (!isDataPresent) return [];
  return readdirSync(ROOT).flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith(ending))
      .map((file) => ({ title: `${folder}/${file}`, text: readFileSync(join(ROOT, folder, file), 'utf8') })),
  );
}
