import { type JsonObject, usageReaders, type WireUsage } from '@app/protocol';
import { type Json, snapshot } from '../snapshot.ts';
import { type ReplyReader, usageFields } from './reply-reader.ts';
import { arrayOf, grown, isRecord, numberIn, objectOf, textIn } from './wire-value.ts';

/** Embeddings: how many and how long, and what they cost. Source: OpenAI's API reference, "Create embeddings". */
export function openEmbeddingsReader(): ReplyReader {
  return openWholeReader((reply) => ({
    usage: usageReaders.chat(objectOf(reply.usage)),
    output: { ...reply, data: snapshot(arrayOf(reply.data).map(vectorMark)) },
  }));
}

function vectorMark(item: unknown): Json {
  const { embedding, ...rest } = objectOf(item);
  const kept = snapshot(rest);
  const mark = Array.isArray(embedding) ? `[${embedding.length} numbers]` : '[base64]';
  return typeof kept === 'object' ? { ...kept, embedding: mark } : mark;
}

/** Moderations. Source: OpenAI's API reference, "Create moderation". */
export function openModerationReader(): ReplyReader {
  return openWholeReader((reply) => ({ output: reply }));
}

/** Pictures, whole or with pictures on the way. Source: OpenAI's API reference, "Create image" and its stream events. */
export function openImageReader(): ReplyReader {
  return openWholeReader((reply) => ({ usage: readImageUsage(objectOf(reply.usage)), output: reply }));
}

/** What is written where something was said. Source: OpenAI's API reference, "Create transcription". */
export function openTranscriptReader(): ReplyReader {
  const inner = openWholeReader((reply) => ({
    usage: readAudioUsage(objectOf(reply.usage)),
    output: reply,
  }));
  let text = '';
  return {
    ...inner,
    event: (event) => {
      const piece = textIn(objectOf(event).delta);
      if (piece === undefined) return inner.event(event);
      text = grown(text, piece);
      return true;
    },
    // Some formats, such as subtitles, are plain text.
    whole: (reply) => inner.whole(typeof reply === 'string' ? { text: reply } : reply),
    facts: () => {
      const facts = inner.facts();
      return facts.fields.output === undefined && text !== '' ? { fields: { output: { text } } } : facts;
    },
  };
}

type Whole = { usage?: WireUsage; output: JsonObject };

/** The last event that tells figures has what a whole reply would have. */
function openWholeReader(read: (reply: JsonObject) => Whole): ReplyReader {
  let last: JsonObject | undefined;
  return {
    event: (event) => {
      if (!isRecord(event)) return false;
      last = event;
      return true;
    },
    whole: (reply) => {
      if (isRecord(reply)) last = reply;
    },
    facts: () => {
      if (last === undefined) return { fields: {} };
      const { usage, output } = read(last);
      return {
        fields: { model: textIn(last.model), output: snapshot(output), ...(usage && usageFields(usage)) },
      };
    },
  };
}

/** Every token of the answer is of a picture unless the details say otherwise. */
function readImageUsage(wire: JsonObject): WireUsage {
  const output = objectOf(wire.output_tokens_details);
  const all = numberIn(wire.output_tokens);
  const isTold = numberIn(output.image_tokens) !== undefined;
  if (isTold || all === undefined) return usageReaders.responses(wire);
  return usageReaders.responses({ ...wire, output_tokens_details: { ...output, image_tokens: all } });
}

/** The details are named in the singular here. */
function readAudioUsage(wire: JsonObject): WireUsage {
  const details = isRecord(wire.input_token_details) ? wire.input_token_details : {};
  return usageReaders.responses({ ...wire, input_tokens_details: details });
}
