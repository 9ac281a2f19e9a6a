import { openGeminiEmbeddingReader, openGeminiImageReader } from '../read/gemini-media-readers.ts';
import { openGeminiReader } from '../read/gemini-reader.ts';
import type { CallRoute } from './call-route.ts';

const CONTENT: CallRoute = {
  name: 'generateContent',
  type: 'generation',
  dialect: 'gemini',
  openReader: openGeminiReader,
};
const STREAM: CallRoute = { ...CONTENT, name: 'generateContentStream' };
const EMBED: CallRoute = {
  name: 'embedContent',
  type: 'embedding',
  dialect: 'json',
  openReader: openGeminiEmbeddingReader,
};
const IMAGES: CallRoute = {
  name: 'generateImages',
  type: 'image',
  dialect: 'json',
  openReader: openGeminiImageReader,
};

/** The calls of Gemini's API that a model answers, by the name of the client's method. */
export const geminiRoutes: ReadonlyMap<string, CallRoute> = new Map([
  ['generateContent', CONTENT],
  ['generateContentStream', STREAM],
  ['embedContent', EMBED],
  ['generateImages', IMAGES],
  ['editImage', { ...IMAGES, name: 'editImage' }],
  ['upscaleImage', { ...IMAGES, name: 'upscaleImage' }],
]);
