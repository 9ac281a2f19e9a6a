import type { EmbedDialect, EmbedDialectId } from './embedding.ts';
import { geminiEmbeddings } from './gemini-embeddings.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';

/** Every wire format of embeddings. */
export const embedDialects: Record<EmbedDialectId, EmbedDialect> = {
  'openai-embeddings': openaiEmbeddings,
  'gemini-embeddings': geminiEmbeddings,
};
