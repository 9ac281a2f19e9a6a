import type { FilePart, ImagePart, OpaquePart, TextPart, ToolResultPart } from '../call.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { readDetail, readFileData, readInline } from './media.ts';
import { camelled, ID, listOf } from './wire.ts';

type ResultParts = ToolResultPart['parts'];

/**
 * The result of a tool is an object: `output` holds what it gave, `error` what went wrong, and an object without either
 * is the output itself. Source: the reference's `FunctionResponse`.
 */
export function readResponse(response: Json | undefined): Pick<ToolResultPart, 'parts' | 'isError'> {
  if (!isObject(response)) return response === undefined ? { parts: [] } : said(response);
  const keys = Object.keys(response);
  const [key] = keys;
  if (keys.length === 0) return { parts: [] };
  if (keys.length === 1 && key === 'output') return said(response.output);
  if (keys.length === 1 && key === 'error') return { ...said(response.error), isError: true };
  return said(response);
}

/**
 * An object that is written as JSON writes it passes as an object, and comes back as the same text; any other text is
 * wrapped. No text at all is an empty object.
 */
export function writeResponse(text: string, isError: boolean): JsonObject {
  if (isError) return { error: text };
  if (text === '') return {};
  const value = text.startsWith('{') ? parseJson(text) : undefined;
  const isPlain =
    isObject(value) &&
    !('output' in value) &&
    !('error' in value) &&
    text !== '{}' &&
    JSON.stringify(value) === text;
  return isPlain ? value : { output: text };
}

/** The media beside a result. */
export function readResultMedia(value: Json | undefined): ResultParts {
  const entries = listOf(value);
  if (!Array.isArray(entries)) return [];
  return entries.map((entry): FilePart | ImagePart | OpaquePart => {
    const part = isObject(entry) ? camelled(entry) : {};
    const media = isObject(part.inlineData)
      ? readInline(camelled(part.inlineData))
      : isObject(part.fileData)
        ? readFileData(camelled(part.fileData))
        : undefined;
    if (media === undefined || media.kind === 'audio') return { kind: 'opaque', dialect: ID, value: entry };
    const detail = readDetail(part.mediaResolution);
    return media.kind === 'image' && detail !== undefined ? { ...media, detail } : media;
  });
}

function said(value: Json | undefined): { parts: TextPart[] } {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return { parts: text === '' ? [] : [{ kind: 'text', text }] };
}
