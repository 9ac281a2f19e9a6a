import { type CallFeature, capabilities } from './capabilities.ts';
import type { CallerDialectId } from './dialect.ts';
import { wordsIn } from './losses.ts';
import type { Words } from './words.ts';

/** Places of a call that need no word in a loss, because every dialect that has them keeps them. */
type Place = 'system' | 'tools' | 'strict' | 'toolCalls' | 'toolResult' | 'resultError' | 'refusal' | 'media';

const PLACES: Record<CallerDialectId, Record<Place, string>> = {
  'openai-chat': {
    system: 'messages[].role',
    tools: 'tools',
    strict: 'tools[].function.strict',
    toolCalls: 'messages[].tool_calls',
    toolResult: 'messages[].tool_call_id',
    resultError: 'messages[].content',
    refusal: 'messages[].refusal',
    media: 'messages[].audio',
  },
  'openai-responses': {
    system: 'instructions',
    tools: 'tools',
    strict: 'tools[].strict',
    toolCalls: 'input[].function_call',
    toolResult: 'input[].function_call_output',
    resultError: 'input[].output',
    refusal: 'input[].content[].refusal',
    media: 'input[].image_generation_call',
  },
  'openai-completions': {
    system: 'prompt',
    tools: 'tools',
    strict: 'tools',
    toolCalls: 'prompt',
    toolResult: 'prompt',
    resultError: 'prompt',
    refusal: 'prompt',
    media: 'prompt',
  },
  'anthropic-messages': {
    system: 'system',
    tools: 'tools',
    strict: 'tools[].strict',
    toolCalls: 'messages[].content[].tool_use',
    toolResult: 'messages[].content[].tool_result',
    resultError: 'messages[].content[].is_error',
    refusal: 'messages[].content[].text',
    media: 'messages[].content[].media',
  },
  gemini: {
    system: 'systemInstruction',
    tools: 'tools[].functionDeclarations',
    strict: 'tools[].functionDeclarations[].strict',
    toolCalls: 'contents[].parts[].functionCall',
    toolResult: 'contents[].parts[].functionResponse',
    resultError: 'contents[].parts[].functionResponse.response.error',
    refusal: 'contents[].parts[].text',
    media: 'contents[].parts[].inlineData',
  },
};

const NAMES: Record<CallFeature, Place | keyof Words> = {
  system: 'system',
  'mid-system': 'midSystem',
  tools: 'tools',
  'strict-tool': 'strict',
  'choice-none': 'toolChoice',
  'choice-required': 'toolChoice',
  'choice-tool': 'toolChoice',
  'choice-allowed': 'toolChoice',
  'one-tool': 'parallelTools',
  'web-search': 'webSearch',
  'web-search-domains': 'webSearch',
  'tool-result': 'toolResult',
  'result-image': 'toolResult',
  'result-file': 'toolResult',
  'result-error': 'resultError',
  'image-url': 'image',
  'image-base64': 'image',
  'image-detail': 'image',
  audio: 'audio',
  'file-url': 'file',
  'file-base64': 'file',
  'file-text': 'file',
  'file-name': 'file',
  cache: 'cache',
  'tool-cache': 'cache',
  'past-thinking': 'thinkingPart',
  'past-seal-anthropic': 'thinkingPart',
  'past-seal-openai': 'thinkingPart',
  'past-seal-google': 'thinkingPart',
  'past-refusal': 'refusal',
  'past-image': 'media',
  'past-audio': 'media',
  'past-citations': 'citations',
  json: 'format',
  schema: 'format',
  'schema-description': 'format',
  'schema-loose': 'format',
  'thinking-off': 'thinking',
  'thinking-adaptive': 'thinking',
  'thinking-budget': 'thinking',
  'thinking-effort': 'thinking',
  'output-max': 'outputTokensMax',
  'no-output-max': 'outputTokensMax',
  stop: 'stop',
  temperature: 'temperature',
  'temperature-above-1': 'temperature',
  'top-p': 'topP',
  'top-k': 'topK',
  seed: 'seed',
  'frequency-penalty': 'frequencyPenalty',
  'presence-penalty': 'presencePenalty',
  user: 'user',
  logprobs: 'logprobs',
  'service-tier': 'serviceTier',
  metadata: 'metadata',
  'prompt-cache-key': 'promptCacheKey',
  'safety-identifier': 'safetyIdentifier',
  verbosity: 'verbosity',
  modalities: 'modalities',
};

/** Where a caller of this dialect says the feature, in the caller's words. */
export function featurePath(feature: CallFeature, caller: CallerDialectId): string {
  const name = NAMES[feature];
  return isPlace(name) ? PLACES[caller][name] : wordsIn(caller)[name];
}

function isPlace(name: Place | keyof Words): name is Place {
  return name in PLACES['openai-chat'];
}

/** What a dialect says for its own callers and for nobody else, as providers of it refuse or differ. */
const OWN_ONLY: Partial<Record<CallerDialectId, readonly CallFeature[]>> = {
  'openai-chat': ['top-k', 'thinking-off', 'past-thinking'],
};

/** The features that a caller of this dialect can ask for. */
export function callFeatures(caller: CallerDialectId): CallFeature[] {
  const features = Object.keys(NAMES) as CallFeature[];
  return features.filter(
    (feature) =>
      capabilities.calls[feature][caller] !== 'lost' || OWN_ONLY[caller]?.includes(feature) === true,
  );
}
