import type { Script } from './fake-upstream.ts';
import { piecesOf, type Saying, toolsOf } from './openai-upstream.ts';
import { answersJson, type StreamOptions, streamsText } from './upstream-scripts.ts';

type Fields = { [field: string]: unknown };

const TAIL = { modelVersion: 'gemini-2.5-flash', responseId: 'fake-response' };
const USAGE = {
  promptTokenCount: 21,
  cachedContentTokenCount: 5,
  candidatesTokenCount: 7,
  totalTokenCount: 28,
};

/**
 * Plays Gemini's `generateContent` and `streamGenerateContent`, as the path asks. Calls have no id; the signature stands on
 * the first part after the thoughts.
 * Source of the format: the Gemini API reference, "Generating content".
 */
export function playsGemini(saying: Saying, options: StreamOptions = {}): Script {
  return (response, request) => {
    const isStream = request.path.includes(':streamGenerateContent');
    const script = isStream ? streamed(saying, options) : answersJson(responseOf(partsOf(saying), 'STOP'));
    return script(response, request);
  };
}

function partsOf(saying: Saying): Fields[] {
  const { text, thought, signature } = saying;
  const parts: Fields[] = text === undefined ? [] : [{ text }];
  for (const { name, input } of toolsOf(saying)) parts.push({ functionCall: { name, args: input } });
  if (signature !== undefined && parts[0]) parts[0].thoughtSignature = signature;
  return thought === undefined ? parts : [{ text: thought, thought: true }, ...parts];
}

/** A text comes in pieces, its signature with the last; a call comes whole. */
function streamed(saying: Saying, options: StreamOptions): Script {
  const responses = partsOf(saying).flatMap((part) => {
    if (typeof part.text !== 'string') return [responseOf([part])];
    const { text, thoughtSignature, ...rest } = part;
    const pieces = piecesOf(text).map((piece) => responseOf([{ ...rest, text: piece }]));
    return thoughtSignature === undefined
      ? pieces
      : [...pieces, responseOf([{ text: '', thoughtSignature }])];
  });
  if (!options.ending) responses.push(responseOf([{ text: '' }], 'STOP'));
  return streamsText(responses.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join(''), options);
}

function responseOf(parts: Fields[], finishReason?: string): Fields {
  const candidate: Fields = { content: { parts, role: 'model' }, index: 0 };
  if (finishReason !== undefined) candidate.finishReason = finishReason;
  return { candidates: [candidate], usageMetadata: USAGE, ...TAIL };
}
