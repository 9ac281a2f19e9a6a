import { openChatReader } from '../read/chat-reader.ts';
import {
  openEmbeddingsReader,
  openImageReader,
  openModerationReader,
  openTranscriptReader,
} from '../read/media-readers.ts';
import { openResponsesReader } from '../read/responses-reader.ts';
import type { CallRoute } from './call-route.ts';

const CHAT: CallRoute = {
  name: 'chat.completions',
  type: 'generation',
  dialect: 'openai-chat',
  openReader: openChatReader,
};
const RESPONSES: CallRoute = {
  name: 'responses',
  type: 'generation',
  dialect: 'openai-responses',
  openReader: openResponsesReader,
};
const EMBEDDINGS: CallRoute = {
  name: 'embeddings',
  type: 'embedding',
  dialect: 'openai-embeddings',
  openReader: openEmbeddingsReader,
};
const IMAGE = { type: 'image', dialect: 'json', openReader: openImageReader } as const;
const AUDIO = { type: 'audio', dialect: 'json', openReader: openTranscriptReader } as const;

/** The calls of OpenAI's API that a model answers, by their path. Everything else of the client is not looked at. */
export const openaiRoutes: ReadonlyMap<string, CallRoute> = new Map<string, CallRoute>([
  ['/chat/completions', CHAT],
  ['/completions', { ...CHAT, name: 'completions', dialect: 'openai-completions' }],
  ['/responses', RESPONSES],
  ['/responses/compact', { ...RESPONSES, name: 'responses.compact' }],
  ['/embeddings', EMBEDDINGS],
  ['/images/generations', { ...IMAGE, name: 'images.generate' }],
  ['/images/edits', { ...IMAGE, name: 'images.edit' }],
  ['/images/variations', { ...IMAGE, name: 'images.createVariation' }],
  ['/audio/speech', { ...AUDIO, name: 'audio.speech' }],
  ['/audio/transcriptions', { ...AUDIO, name: 'audio.transcriptions' }],
  ['/audio/translations', { ...AUDIO, name: 'audio.translations' }],
  [
    '/moderations',
    { name: 'moderations', type: 'moderation', dialect: 'json', openReader: openModerationReader },
  ],
]);

/** Where the same calls are found on an object that only looks like a client. */
export const openaiMethods: ReadonlyMap<string, CallRoute> = new Map<string, CallRoute>([
  ['chat.completions.create', CHAT],
  ['responses.create', RESPONSES],
  ['embeddings.create', EMBEDDINGS],
]);
