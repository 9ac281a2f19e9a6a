import { snapshot } from '../snapshot.ts';
import type { ReplyReader } from './reply-reader.ts';
import { arrayOf, isRecord, numberIn, objectOf } from './wire-value.ts';

/** Embeddings of Gemini: how many, how long, and their tokens where the reply tells them (Vertex AI does). */
export function openGeminiEmbeddingReader(): ReplyReader {
  return openWhole((reply) => {
    const list = arrayOf(reply.embeddings ?? (reply.embedding === undefined ? [] : [reply.embedding]));
    const tokens = list.map((one) => numberIn(objectOf(objectOf(one).statistics).tokenCount));
    const isTold = list.length > 0 && tokens.every((count) => count !== undefined);
    const inputFresh = tokens.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    const embeddings = list.map((one) => `[${arrayOf(objectOf(one).values).length} numbers]`);
    return { output: { embeddings }, ...(isTold && { usage: { inputFresh } }) };
  });
}

/** Pictures of Imagen, whose price is by the piece. */
export function openGeminiImageReader(): ReplyReader {
  return openWhole(({ generatedImages }) => ({ output: snapshot({ generatedImages }) }));
}

type Reply = { [field: string]: unknown };
type Fields = ReturnType<ReplyReader['facts']>['fields'];

function openWhole(read: (reply: Reply) => Fields): ReplyReader {
  let last: Reply | undefined;
  return {
    event: () => false,
    whole: (reply) => {
      if (isRecord(reply)) last = reply;
    },
    facts: () => ({ fields: last === undefined ? {} : read(last) }),
  };
}
