import { type JsonObject, usageReaders } from '@app/protocol';
import { type Json, snapshot } from '../snapshot.ts';
import { type ReplyReader, usageFields } from './reply-reader.ts';
import { arrayOf, childOf, fieldsOf, grown, isRecord, numberIn, objectOf, textIn } from './wire-value.ts';

type Fields = { [key: string]: Json };

/**
 * Reads Gemini's replies, whole or in chunks, each of which has the form of a whole one.
 * Source: the Gemini API reference, `GenerateContentResponse`.
 */
export function openGeminiReader(): ReplyReader {
  const head: Fields = {};
  const candidates = new Map<number, Fields>();

  function event(chunk: unknown): boolean {
    if (!isRecord(chunk)) return false;
    for (const name of HEAD) if (chunk[name] != null) head[name] = snapshot(chunk[name]);
    let hasContent = false;
    for (const one of arrayOf(chunk.candidates)) {
      const candidate = objectOf(one);
      const index = numberIn(candidate.index) ?? 0;
      const there = candidates.get(index) ?? {};
      candidates.set(index, there);
      hasContent = growCandidate(there, candidate) || hasContent;
    }
    return hasContent;
  }

  return {
    event,
    whole: event,
    facts: () => {
      if (candidates.size === 0 && Object.keys(head).length === 0) return { fields: {} };
      const list = [...candidates.entries()].sort(([a], [b]) => a - b).map(([, candidate]) => candidate);
      const usage: JsonObject = fieldsOf(head.usageMetadata);
      return {
        fields: {
          model: textIn(head.modelVersion),
          serviceTier: usageReaders.geminiTier(usage.serviceTier ?? usage.trafficType),
          finishReason: textIn(list[0]?.finishReason) ?? textIn(fieldsOf(head.promptFeedback).blockReason),
          output: { candidates: list, ...head },
          ...usageFields(usageReaders.gemini(usage)),
        },
      };
    },
  };
}

const HEAD = [
  'usageMetadata',
  'modelVersion',
  'responseId',
  'promptFeedback',
  'createTime',
  'automaticFunctionCallingHistory',
];

function growCandidate(candidate: Fields, chunk: JsonObject): boolean {
  const { content, ...rest } = chunk;
  Object.assign(candidate, fieldsOf(snapshot(rest)));
  const { role, parts } = objectOf(content);
  const news = arrayOf(parts).map((part) => fieldsOf(snapshot(part)));
  candidate.content ??= { role: snapshot(role ?? 'model'), parts: [] };
  const before = childOf(candidate, 'content');
  const list = Array.isArray(before.parts) ? before.parts : [];
  before.parts = list;
  for (const part of news) if (!isEmpty(part)) addPart(list, part);
  return news.some((part) => part.text !== '');
}

/** A stream often ends with a chunk that has no more to say. */
function isEmpty(part: Fields): boolean {
  return part.text === '' && Object.keys(part).length === 1;
}

/** Pieces of one text become one part; a signature closes it. */
function addPart(parts: Json[], part: Fields): void {
  const last = fieldsOf(parts.at(-1));
  const isText = typeof part.text === 'string' && typeof last.text === 'string';
  if (!isText || last.thought !== part.thought || last.thoughtSignature !== undefined) {
    parts.push(part);
    return;
  }
  last.text = grown(last.text, typeof part.text === 'string' ? part.text : '');
  if (part.thoughtSignature !== undefined) last.thoughtSignature = part.thoughtSignature;
}
