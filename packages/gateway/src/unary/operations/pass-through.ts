import { GatewayError, type Json, type JsonObject } from '@app/protocol';
import type { Operation } from '@app/providers';
import { fieldOf, filesOf, type Multipart } from '../multipart/read-multipart.ts';
import { usageReader } from '../read-usage.ts';
import type { ReadUsage, UnaryOperation } from '../unary-operation.ts';
import { formRequest, jsonRequest } from './write-request.ts';

type JsonPass = { route: string; path: string; ability: Operation; readUsage: ReadUsage };

/** What has one dialect only, OpenAI's or one close to it: the body goes to the provider as it came, and so does the answer. */
function passJson({ route, path, ability, readUsage }: JsonPass): UnaryOperation {
  return {
    method: 'POST',
    route,
    dialect: 'openai-chat',
    body: 'json',
    read: ({ json, providerId }) => ({
      kind: 'provider',
      ability,
      model: modelOf(json.model),
      providerId,
      user: typeof json.user === 'string' ? json.user : undefined,
      isStream: json.stream === true || json.stream_format === 'sse',
      write: (target) =>
        jsonRequest(target, { operation: ability, path, body: withModel(json, target.model) }),
      answer: { kind: 'pass', readUsage },
    }),
  };
}

function modelOf(model: Json | undefined): string | undefined {
  if (model === undefined || model === null || model === '') return undefined;
  if (typeof model === 'string') return model;
  throw new GatewayError('invalid_parameter', "Invalid value for 'model': expected a string.", {
    param: 'model',
    retryable: false,
  });
}

function withModel(body: JsonObject, model: string): JsonObject {
  return model === '' ? body : { ...body, model };
}

type FormPass = JsonPass & { file: string };

/** The same for a form with a file in it. */
function passForm({ route, path, ability, readUsage, file }: FormPass): UnaryOperation {
  return {
    method: 'POST',
    route,
    dialect: 'openai-chat',
    body: 'multipart',
    read: ({ form, providerId }) => {
      if (filesOf(form, file).length === 0) throw missingFile(file);
      return {
        kind: 'provider',
        ability,
        model: modelOf(fieldOf(form, 'model')),
        providerId,
        user: fieldOf(form, 'user'),
        isStream: fieldOf(form, 'stream') === 'true',
        write: (target) => formRequest(target, { operation: ability, path, parts: withoutNames(form).parts }),
        answer: { kind: 'pass', readUsage },
      };
    },
  };
}

function missingFile(name: string): GatewayError {
  const message = `Missing required parameter: '${name}'.`;
  return new GatewayError('missing_parameter', message, { param: name, retryable: false });
}

/** The model is written anew, under the provider's name for it. */
function withoutNames({ parts }: Multipart): Multipart {
  return { parts: parts.filter(({ name, filename }) => name !== 'model' || filename !== undefined) };
}

const text = usageReader('outputText');
const image = usageReader('outputImage');
const audio = usageReader('outputAudio');

/** Images, sound, moderation and ranking. Sources: OpenAI's API reference; Cohere's, Jina's and Voyage's for ranking. */
export const passThroughOperations: readonly UnaryOperation[] = [
  passJson({
    route: '/v1/images/generations',
    path: '/images/generations',
    ability: 'images',
    readUsage: image,
  }),
  passForm({
    route: '/v1/images/edits',
    path: '/images/edits',
    ability: 'images',
    readUsage: image,
    file: 'image',
  }),
  passForm({
    route: '/v1/images/variations',
    path: '/images/variations',
    ability: 'images',
    readUsage: image,
    file: 'image',
  }),
  passJson({ route: '/v1/audio/speech', path: '/audio/speech', ability: 'speech', readUsage: audio }),
  passForm({
    route: '/v1/audio/transcriptions',
    path: '/audio/transcriptions',
    ability: 'transcription',
    readUsage: text,
    file: 'file',
  }),
  passForm({
    route: '/v1/audio/translations',
    path: '/audio/translations',
    ability: 'transcription',
    readUsage: text,
    file: 'file',
  }),
  passJson({ route: '/v1/moderations', path: '/moderations', ability: 'moderations', readUsage: text }),
  passJson({ route: '/v1/rerank', path: '/rerank', ability: 'rerank', readUsage: text }),
  passJson({ route: '/v2/rerank', path: '/rerank', ability: 'rerank', readUsage: text }),
];
