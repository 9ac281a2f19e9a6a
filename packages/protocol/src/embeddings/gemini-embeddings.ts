import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import { missing, objectAt, optionalString, wrongValue } from '../read-field.ts';
import {
  EMBED_DIMENSIONS_MAX,
  EMBED_INPUTS_MAX,
  type EmbedCall,
  type EmbedDialect,
  type EmbedReply,
  type Vector,
} from './embedding.ts';
import { inputUsage } from './input-usage.ts';
import { textOnly } from './openai-embeddings.ts';
import { badVectors, floatsOf, vectorAt } from './vector.ts';

/**
 * `embedContent` (one content) and `batchEmbedContents` (a list of requests), told apart by their bodies.
 * Source of the format: the Gemini API reference, "Embeddings".
 */
export const geminiEmbeddings: EmbedDialect = {
  id: 'gemini-embeddings',
  readCall,
  writeCall,
  readReply,
  writeReply,
};

const READ = new Set([
  'model',
  'content',
  'taskType',
  'task_type',
  'title',
  'outputDimensionality',
  'output_dimensionality',
]);

function readCall(body: JsonObject): EmbedCall {
  const isSingle = body.requests === undefined;
  const requests = isSingle ? [{ body, at: '' }] : requestsOf(body.requests);
  const read = requests.map(({ body: request, at }) => readRequest(request, at));
  const [first] = read;
  if (first === undefined) throw wrongValue('requests', 'at least one request');
  const { text: _, unread, ...settings } = first;
  const fields = new Set(unread);
  for (const request of read) {
    for (const name of request.unread) fields.add(name);
    // One request elsewhere has one set of settings: what a later entry says differently would be lost.
    if (request.task !== first.task) fields.add('taskType');
    if (request.title !== first.title) fields.add('title');
    if (request.dimensions !== first.dimensions) fields.add('outputDimensionality');
  }
  return {
    ...settings,
    inputs: read.map(({ text }) => text),
    encoding: 'float',
    isSingle,
    wire: { dialect: 'gemini-embeddings', body },
    unread: [...fields],
  };
}

function requestsOf(value: Json | undefined): { body: JsonObject; at: string }[] {
  if (!Array.isArray(value)) throw wrongValue('requests', 'a list');
  if (value.length > EMBED_INPUTS_MAX) throw wrongValue('requests', `at most ${EMBED_INPUTS_MAX} entries`);
  return value.map((entry, index) => {
    const at = `requests[${index}]`;
    return { body: objectAt(entry, at), at };
  });
}

type Request = Pick<EmbedCall, 'task' | 'title' | 'dimensions'> & { text: string; unread: string[] };

function readRequest(request: JsonObject, at: string): Request {
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const task = optionalString(request, 'taskType', at) ?? optionalString(request, 'task_type', at);
  const title = optionalString(request, 'title', at);
  const dimensions = request.outputDimensionality ?? request.output_dimensionality ?? undefined;
  if (dimensions !== undefined && !isDimensions(dimensions))
    throw wrongValue(path('outputDimensionality'), `a number from 1 to ${EMBED_DIMENSIONS_MAX}`);
  return {
    ...(task === undefined ? {} : { task }),
    ...(title === undefined ? {} : { title }),
    ...(dimensions === undefined ? {} : { dimensions }),
    text: textOf(request.content, path('content')),
    unread: Object.keys(request).filter((name) => !READ.has(name)),
  };
}

function isDimensions(value: Json): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= EMBED_DIMENSIONS_MAX;
}

const PARTS_MAX = 100;

/** Only the texts of a content are embedded; its parts are one text. */
function textOf(content: Json | undefined, at: string): string {
  if (content === undefined || content === null) throw missing(at);
  const { parts } = objectAt(content, at);
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > PARTS_MAX)
    throw wrongValue(`${at}.parts`, `a list of 1 to ${PARTS_MAX} parts`);
  const texts = parts.map((part, index) => {
    const text = isObject(part) ? part.text : undefined;
    if (typeof text !== 'string') throw wrongValue(`${at}.parts[${index}]`, 'a part with a text');
    return text;
  });
  const text = texts.join('\n');
  if (text === '') throw wrongValue(at, 'a text that is not empty');
  return text;
}

function writeCall(call: EmbedCall, model: string): ReturnType<EmbedDialect['writeCall']> {
  const action = call.isSingle ? 'embedContent' : 'batchEmbedContents';
  const path = `/models/${encodeURIComponent(model)}:${action}`;
  const name = `models/${model}`;
  if (call.wire.dialect === 'gemini-embeddings') return { path, body: renamed(call, name), losses: [] };
  const settings: JsonObject = {};
  if (call.task !== undefined) settings.taskType = call.task;
  if (call.title !== undefined) settings.title = call.title;
  if (call.dimensions !== undefined) settings.outputDimensionality = call.dimensions;
  const requests = call.inputs.map((input) => ({
    model: name,
    content: { parts: [{ text: textOnly(input) }] },
    ...settings,
  }));
  const losses: Loss[] = call.unread.map((field) => ({ path: field, why: 'unsupported' }));
  if (call.user !== undefined) losses.push({ path: 'user', why: 'unsupported' });
  return { path, body: { requests }, losses };
}

/** The caller's own body, asking for the provider's name of the model. */
function renamed({ wire: { body }, isSingle }: EmbedCall, model: string): JsonObject {
  if (isSingle || !Array.isArray(body.requests)) return { ...body, model };
  const requests = body.requests.map((request) => (isObject(request) ? { ...request, model } : request));
  return { ...body, requests };
}

function readReply(body: Json, count: number): EmbedReply {
  if (!isObject(body)) throw badVectors();
  const list = Array.isArray(body.embeddings) ? body.embeddings : [body.embedding ?? null];
  if (list.length !== count) throw badVectors();
  const vectors: Vector[] = list.map((entry) => vectorAt(isObject(entry) ? entry.values : undefined));
  const tokens = isObject(body.usageMetadata) ? body.usageMetadata.promptTokenCount : undefined;
  return { vectors, usage: inputUsage(tokens) };
}

function writeReply({ vectors, usage }: EmbedReply, call: EmbedCall): JsonObject {
  const written = vectors.map((vector) => ({ values: [...floatsOf(vector)] }));
  const [only] = written;
  const counted =
    usage.inputFresh === undefined ? {} : { usageMetadata: { promptTokenCount: usage.inputFresh } };
  return call.isSingle && only !== undefined
    ? { embedding: only, ...counted }
    : { embeddings: written, ...counted };
}
