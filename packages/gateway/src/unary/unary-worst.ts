import type { Json, JsonObject, Usage } from '@app/protocol';
import type { Operation } from '@app/providers';
import { boundTextInput, type InputBound } from '../limits/worst/bound-input.ts';
import { mediaTokens } from '../limits/worst/media-tokens.ts';
import { type Worst, worstCaseOf } from '../limits/worst/worst-case.ts';
import type { Target } from '../ports.ts';
import { fieldOf, filesOf } from './multipart/read-multipart.ts';
import { soundSeconds } from './sound-seconds.ts';
import type { UnaryInput } from './unary-operation.ts';

export type WorstAsked = {
  ability: Operation;
  input: Pick<UnaryInput, 'json' | 'form'>;
  /** The body as it came, where it is JSON. */
  bodyText: string;
  isSandbox: boolean;
};

/**
 * The most that one request may take, by what it asks for: texts by their bytes, pictures by number and quality, speech
 * by its letters, sound by its length.
 */
export function unaryWorst(asked: WorstAsked, target: Target, isStrict: boolean): Worst {
  const { input, output, inputClass, outputClass, soundMs } = amountsOf(asked, isStrict);
  return worstCaseOf(
    {
      input,
      outputTokensMax: output,
      choices: 1,
      isCapOurs: false,
      pricing: {
        isSandbox: asked.isSandbox,
        inputClasses: ['inputFresh', ...(inputClass === undefined ? [] : [inputClass])],
        outputClasses: outputClass === undefined ? ['outputText'] : ['outputText', outputClass],
        options: soundMs === undefined ? {} : { soundMs },
      },
    },
    target,
  );
}

/** What is counted only when it tells what it used. */
export const NOTHING: Worst = exactly(0);

/** What may not begin where nothing is left, and of which nobody knows how much it will take. */
export const LEAST: Worst = exactly(1);

function exactly(amount: number): Worst {
  return {
    inputTokens: amount,
    outputTokens: amount,
    costNanos: amount,
    floorTokens: 0,
    floorNanos: 0,
    outputTokensMax: amount,
    choices: 1,
    isCapOurs: false,
    costWith: () => amount,
  };
}

type Amounts = {
  input: InputBound;
  output: number;
  inputClass?: keyof Usage;
  outputClass?: keyof Usage;
  soundMs?: number;
};

function amountsOf(asked: WorstAsked, isStrict: boolean): Amounts {
  const { ability, input, bodyText } = asked;
  const text = boundTextInput(Buffer.byteLength(bodyText) + fieldBytes(input), isStrict);
  switch (ability) {
    case 'images':
      return imagesOf(asked, text, isStrict);
    case 'speech':
      return { input: text, output: text.tokens * SPEECH_TOKENS_PER_TOKEN, outputClass: 'outputAudio' };
    case 'transcription':
      return soundOf(asked, text, isStrict);
    case 'rerank':
      return { input: rerankInput(input.json, text, isStrict), output: 0 };
    case 'files':
    case 'batches':
    case 'count-tokens':
      return { input: { tokens: 0, floorTokens: 0 }, output: 0 };
    default:
      return { input: text, output: 0 };
  }
}

/** Speech has about twenty tokens a second, in which a voice says fifteen letters; a slow one fewer. */
const SPEECH_TOKENS_PER_TOKEN = 4;

/** Without the files. */
function fieldBytes({ form }: WorstAsked['input']): number {
  return form.parts.reduce(
    (sum, { filename, bytes }) => (filename === undefined ? sum + bytes.length : sum),
    0,
  );
}

/** Output tokens of one picture of the largest size. Source: OpenAI's guide to images, "Cost and latency". */
const PICTURE_TOKENS: ReadonlyMap<string, number> = new Map([
  ['low', 450],
  ['medium', 1_700],
]);
const PICTURE_TOKENS_MOST = 6_300;
const PICTURES_MAX = 10;

function imagesOf({ input }: WorstAsked, text: InputBound, isStrict: boolean): Amounts {
  const { json, form } = input;
  const sayings = (name: string): Json | undefined => json[name] ?? fieldOf(form, name);
  const count = Number(sayings('n') ?? 1);
  const pictures = count >= 1 ? Math.min(count, PICTURES_MAX) : 1;
  const each = PICTURE_TOKENS.get(String(sayings('quality'))) ?? PICTURE_TOKENS_MOST;
  const files = form.parts.filter(({ filename }) => filename !== undefined);
  const seen = files.length * mediaTokens({ mediaType: 'image/', bytes: undefined }, isStrict);
  return {
    input: { tokens: text.tokens + seen, floorTokens: text.floorTokens },
    output: Math.ceil(pictures * each * (isStrict ? 2 : 1)),
    inputClass: 'inputImage',
    outputClass: 'outputImage',
  };
}

/** Models that bill tokens read 32 a second at most; nobody says more than six tokens in one. */
const HEARD_TOKENS_PER_S = 32;
const SAID_TOKENS_PER_S = 6;

function soundOf({ input }: WorstAsked, text: InputBound, isStrict: boolean): Amounts {
  const seconds = filesOf(input.form, 'file').reduce(
    (sum, { bytes }) => sum + soundSeconds(bytes, isStrict),
    0,
  );
  return {
    input: { tokens: text.tokens + seconds * HEARD_TOKENS_PER_S, floorTokens: text.floorTokens },
    output: seconds * SAID_TOKENS_PER_S,
    inputClass: 'inputAudio',
    soundMs: seconds * 1_000,
  };
}

/** The question is read again with each document. */
function rerankInput({ query, documents }: JsonObject, text: InputBound, isStrict: boolean): InputBound {
  const count = Array.isArray(documents) ? documents.length : 1;
  const question = boundTextInput(typeof query === 'string' ? Buffer.byteLength(query) : 0, isStrict);
  return { tokens: text.tokens + count * question.tokens, floorTokens: text.floorTokens };
}
