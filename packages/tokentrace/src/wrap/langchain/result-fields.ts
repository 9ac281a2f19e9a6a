import type { SpanFields, TokenUsage } from '../../tracer.ts';
import { findProviderUsage } from '../read/any-usage.ts';
import { usageFields } from '../read/reply-reader.ts';
import { arrayOf, isRecord, numberIn, objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import { messageJson } from './message-json.ts';

/** What the end of a model's run tells. Source: `LLMResult` and `UsageMetadata` of `@langchain/core`. */
export function resultFields(result: unknown): SpanFields {
  const { generations, llmOutput } = objectOf(result);
  const list = arrayOf(generations).flatMap(arrayOf);
  const first = objectOf(list[0]);
  const message = objectOf(first.message);
  const response = objectOf(message.response_metadata);
  const info = objectOf(first.generationInfo);
  const finish = [info.finish_reason, response.finish_reason, response.stop_reason, response.finishReason];
  return {
    ...usageOf(message, response, objectOf(llmOutput)),
    model: textIn(response.model_name) ?? textIn(response.model) ?? textIn(info.model_name),
    finishReason: finish.map(textIn).find((reason) => reason !== undefined),
    serviceTier: textIn(response.service_tier),
    output: { choices: list.map(choiceOf) },
  };
}

function choiceOf(generation: unknown, index: number): unknown {
  const { message, text } = objectOf(generation);
  const isChat = isRecord(message);
  return { index, message: isChat ? messageJson(message) : { role: 'assistant', content: snapshot(text) } };
}

type Fields = { [field: string]: unknown };

/** LangChain's own figures, unless the provider's tell cache writes by their lifetime, which LangChain's do not. */
function usageOf(message: Fields, response: Fields, llmOutput: Fields): SpanFields {
  const raw = response.usage ?? llmOutput.usage;
  const told = findProviderUsage(raw);
  if (told && isRecord(raw) && raw.cache_creation !== undefined) return usageFields(told);
  if (isRecord(message.usage_metadata)) return { usage: readUsageMetadata(message.usage_metadata) };
  if (told) return usageFields(told);
  const { promptTokens, completionTokens } = objectOf(llmOutput.tokenUsage);
  const usage = disjoint({ input: numberIn(promptTokens), output: numberIn(completionTokens), parts: {} });
  return Object.keys(usage).length === 0 ? {} : { usage };
}

/** The totals include every part. */
function readUsageMetadata(usage: Fields): TokenUsage {
  const input = objectOf(usage.input_token_details);
  const output = objectOf(usage.output_token_details);
  return disjoint({
    input: numberIn(usage.input_tokens),
    output: numberIn(usage.output_tokens),
    parts: {
      inputCacheRead: numberIn(input.cache_read),
      inputCacheWrite: numberIn(input.cache_creation),
      inputAudio: numberIn(input.audio),
      inputImage: numberIn(input.image),
      outputThinking: numberIn(output.reasoning),
      outputAudio: numberIn(output.audio),
      outputImage: numberIn(output.image),
    },
  });
}

type Totals = {
  input: number | undefined;
  output: number | undefined;
  parts: { [name in keyof TokenUsage]?: number | undefined };
};

function disjoint({ input, output, parts }: Totals): TokenUsage {
  const usage: TokenUsage = {};
  let [inputLeft, outputLeft] = [input, output];
  for (const [name, tokens] of Object.entries(parts)) {
    if (tokens === undefined) continue;
    Object.assign(usage, { [name]: tokens });
    if (name.startsWith('input')) inputLeft = inputLeft === undefined ? undefined : inputLeft - tokens;
    else outputLeft = outputLeft === undefined ? undefined : outputLeft - tokens;
  }
  if (inputLeft !== undefined) usage.inputFresh = Math.max(0, inputLeft);
  if (outputLeft !== undefined) usage.outputText = Math.max(0, outputLeft);
  return usage;
}
