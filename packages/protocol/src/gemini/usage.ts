import { isObject, type Json, type JsonObject } from '../json.ts';
import { toolUsesOf } from '../tell-usage.ts';
import {
  putTokens,
  readTokens,
  sumKnown,
  sumTokens,
  type ToolUses,
  type Usage,
  withCachedKinds,
} from '../usage.ts';

/**
 * Totals with parts inside become disjoint classes. Source: the reference's `UsageMetadata`: `promptTokenCount` includes
 * what came from a cache, while the results of the provider's own tools and the thinking stand beside the prompt and the
 * candidates. Sound and images are told per modality. `estimated` marks figures whose parts are larger than their total.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const usage: Usage = {};
  const cached = readTokens(wire.cachedContentTokenCount);
  const prompt = readTokens(wire.promptTokenCount);
  const beside = readTokens(wire.toolUsePromptTokenCount);
  const cachedAudio = modalityCount(wire.cacheTokensDetails, 'AUDIO') || undefined;
  const cachedImage = modalityCount(wire.cacheTokensDetails, 'IMAGE') || undefined;
  if (cached !== undefined)
    usage.inputCacheRead = Math.max(0, cached - sumTokens([cachedAudio, cachedImage]));
  putTokens(usage, 'inputCacheReadAudio', cachedAudio);
  putTokens(usage, 'inputCacheReadImage', cachedImage);
  let input = prompt === undefined ? undefined : prompt + (beside ?? 0) - (cached ?? 0);
  for (const [modality, name] of INPUT) {
    const all = modalityCount(wire.promptTokensDetails, modality);
    if (all === undefined || input === undefined) continue;
    const fresh = Math.max(0, all - (modalityCount(wire.cacheTokensDetails, modality) ?? 0));
    usage[name] = fresh;
    input -= fresh;
  }
  let output = readTokens(wire.candidatesTokenCount);
  for (const [modality, name] of OUTPUT) {
    const all = modalityCount(wire.candidatesTokensDetails, modality);
    if (all === undefined || output === undefined) continue;
    usage[name] = all;
    output -= all;
  }
  putTokens(usage, 'outputThinking', readTokens(wire.thoughtsTokenCount));
  if (input !== undefined) usage.inputFresh = Math.max(0, input);
  if (output !== undefined) usage.outputText = Math.max(0, output);
  return { usage, estimated: (input ?? 0) < 0 || (output ?? 0) < 0 };
}

/** What was asked of Google and its maps. Source: the reference's `GroundingMetadata`; an empty question is not billed. */
export function readToolUses(grounding: JsonObject): ToolUses {
  const questions = Array.isArray(grounding.webSearchQueries)
    ? grounding.webSearchQueries.filter(isAsked)
    : [];
  const chunks = Array.isArray(grounding.groundingChunks) ? grounding.groundingChunks.filter(isObject) : [];
  return toolUsesOf({
    webSearch: questions.length,
    mapSearch: Number(chunks.some(({ maps }) => isObject(maps))),
  });
}

function isAsked(question: Json): boolean {
  return typeof question === 'string' && question !== '';
}

/** Video and documents cost what text costs. */
const INPUT = [
  ['AUDIO', 'inputAudio'],
  ['IMAGE', 'inputImage'],
] as const;
const OUTPUT = [
  ['AUDIO', 'outputAudio'],
  ['IMAGE', 'outputImage'],
] as const;

/** Disjoint classes become totals with parts inside. Undefined when nothing is known. */
export function writeUsage(usage: Usage, serviceTier: string | undefined): JsonObject | undefined {
  const { inputFresh, inputCacheWrite, inputCacheWrite1h } = usage;
  const { inputCacheRead, inputAudio, inputImage } = withCachedKinds(usage);
  const { outputText, outputThinking, outputAudio, outputImage } = usage;
  if (Object.keys(usage).length === 0 && serviceTier === undefined) return undefined;
  const inputs = [inputFresh, inputCacheRead, inputCacheWrite, inputCacheWrite1h, inputAudio, inputImage];
  const outputs = [outputText, outputAudio, outputImage];
  const [prompt, candidates] = [sumTokens(inputs), sumTokens(outputs)];
  const wire: JsonObject = {};
  if (inputs.some(isKnown)) wire.promptTokenCount = prompt;
  if (outputs.some(isKnown)) wire.candidatesTokenCount = candidates;
  wire.totalTokenCount = prompt + candidates + (outputThinking ?? 0);
  if (inputCacheRead !== undefined) wire.cachedContentTokenCount = inputCacheRead;
  if (outputThinking !== undefined) wire.thoughtsTokenCount = outputThinking;
  const audio = sumKnown([inputAudio, usage.inputCacheReadAudio]);
  const image = sumKnown([inputImage, usage.inputCacheReadImage]);
  const promptDetails = details([
    ['TEXT', prompt - sumTokens([audio, image])],
    ['AUDIO', audio],
    ['IMAGE', image],
  ]);
  const candidateDetails = details([
    ['TEXT', outputText],
    ['AUDIO', outputAudio],
    ['IMAGE', outputImage],
  ]);
  const cacheDetails = details([
    ['AUDIO', usage.inputCacheReadAudio],
    ['IMAGE', usage.inputCacheReadImage],
  ]);
  if (cacheDetails !== undefined) wire.cacheTokensDetails = cacheDetails;
  if (promptDetails !== undefined) wire.promptTokensDetails = promptDetails;
  if (candidateDetails !== undefined) wire.candidatesTokensDetails = candidateDetails;
  if (serviceTier !== undefined) wire.serviceTier = writeTier(serviceTier);
  return wire;
}

/** Only where there is more than text. */
function details(entries: [string, number | undefined][]): JsonObject[] | undefined {
  const known = entries.filter(([, tokens]) => tokens !== undefined);
  if (known.every(([modality]) => modality === 'TEXT')) return undefined;
  return known.map(([modality, tokenCount]) => ({ modality, tokenCount }));
}

/** Vertex AI tells the queue as `trafficType`. */
const TRAFFIC: ReadonlyMap<string, string> = new Map([
  ['ON_DEMAND', 'default'],
  ['ON_DEMAND_PRIORITY', 'priority'],
  ['ON_DEMAND_FLEX', 'flex'],
]);

/** The queue that answered, or that is asked for, in our words; `standard` is what others call `default`. */
export function readTier(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const word = TRAFFIC.get(value) ?? value.toLowerCase();
  if (word.endsWith('unspecified')) return undefined;
  return word === 'standard' ? 'default' : word;
}

export function writeTier(tier: string): string {
  return tier === 'default' ? 'standard' : tier;
}

function modalityCount(value: Json | undefined, modality: string): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const entry = value.find((one) => isObject(one) && one.modality === modality);
  return isObject(entry) ? (readTokens(entry.tokenCount) ?? 0) : undefined;
}

function isKnown(value: number | undefined): boolean {
  return value !== undefined;
}
