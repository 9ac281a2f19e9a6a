import type { SpanFields } from '../../tracer.ts';
import { headFields } from '../open-call.ts';
import { arrayOf, isRecord, objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import { readAiUsage } from './ai-usage.ts';

/** What the end of an event tells. The whole of a generation carries no figures: its calls of the model do. */
export function fieldsOfResult(type: string, value: unknown): SpanFields {
  const result = objectOf(value);
  if (type === 'languageModelCall') return modelCallFields(result);
  if (type === 'executeTool') return { output: snapshot(objectOf(result.output).output) };
  if (type === 'embed' || type === 'embedMany') return embeddingFields(result);
  if (type === 'rerank') return { ...headed(result), output: snapshot(result.ranking) };
  if (type === 'generateSpeech' || type.endsWith('ranscribe')) return soundFields(result);
  return type === 'generateText' ? textFields(result) : {};
}

/** What the SDK tells of a call of the model when it has read the whole reply, streamed or not. */
export function fieldsOfCallEnd(value: unknown): SpanFields {
  const event = objectOf(value);
  return {
    ...readAiUsage(event.usage),
    model: textIn(event.modelId),
    finishReason: textIn(event.finishReason),
    ...(arrayOf(event.content).length > 0 && { output: snapshot({ content: event.content }) }),
  };
}

/** The same for a call that makes an object. */
export function fieldsOfObjectEnd(value: unknown): SpanFields {
  const event = objectOf(value);
  const { objectText: text, reasoning } = event;
  return {
    ...headed(event),
    ...readAiUsage(event.usage),
    model: textIn(objectOf(event.response).modelId) ?? textIn(event.modelId),
    finishReason: textIn(event.finishReason),
    output: snapshot({ text, ...(reasoning !== undefined && { reasoning }) }),
  };
}

type Fields = { [field: string]: unknown };

function modelCallFields(result: Fields): SpanFields {
  const isStream = 'stream' in result;
  const response = objectOf(result.response);
  return {
    ...headed(result),
    ...readAiUsage(result.usage),
    stream: isStream,
    model: textIn(response.modelId),
    finishReason: textIn(objectOf(result.finishReason).unified),
    ...(isStream ? {} : { output: snapshot({ content: result.content }) }),
  };
}

function textFields(result: Fields): SpanFields {
  const { text, finishReason, toolCalls, toolResults } = result;
  const used = arrayOf(toolCalls).length > 0 ? { toolCalls, toolResults } : {};
  return { finishReason: textIn(finishReason), output: snapshot({ text, ...used }) };
}

function embeddingFields(result: Fields): SpanFields {
  const count = Array.isArray(result.embeddings) ? result.embeddings.length : 1;
  const response = Array.isArray(result.responses) ? result.responses[0] : result.response;
  return { ...headed({ response }), ...readAiUsage(result.usage), output: { embeddings: count } };
}

/** What was said is told; sound itself is not. */
function soundFields(result: Fields): SpanFields {
  const { text, language, durationInSeconds } = result;
  return { output: snapshot({ text, language, durationInSeconds }), ...readAiUsage(result.usage) };
}

function headed({ response }: Fields): SpanFields {
  return isRecord(response) ? headFields(response.headers) : {};
}
