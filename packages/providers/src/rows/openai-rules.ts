import type { ModelRules } from '../quirks/rules.ts';
import type { KnownWay } from './known-provider.ts';

/** https://platform.openai.com/docs/guides/reasoning and the parameter tables of each model's page. */
const REASONING = ['o1', 'o3', 'o4', 'gpt-5', 'gpt-6', 'codex-'];
const NOT_REASONING = ['gpt-5-chat'];
/** Their default is not to reason, and then they sample as asked. */
const SAMPLES_UNREASONING = ['gpt-5.1', 'gpt-5.2', 'gpt-5.3', 'gpt-5.4', 'gpt-5.5', 'gpt-5.6'];
const PLAIN = ['gpt-3.5', 'gpt-4', 'chatgpt-', ...NOT_REASONING];

type Words = { [word: string]: string | null };

/** Which efforts each family knows, and what comes nearest to the others. */
const EFFORTS: readonly (readonly [models: readonly string[], nearest: Words])[] = [
  [['o1', 'o3', 'o4'], { none: 'low', minimal: 'low', xhigh: 'high', max: 'high' }],
  [['gpt-5.1'], { minimal: 'low', xhigh: 'high', max: 'high' }],
  [['gpt-5.2', 'gpt-5.3', 'gpt-5.4', 'gpt-5.5'], { minimal: 'low', max: 'xhigh' }],
  [['gpt-5.6'], { minimal: 'low' }],
  [['gpt-5'], { none: 'minimal', xhigh: 'high', max: 'high' }],
  [['gpt-6'], { none: 'low', minimal: 'low' }],
];

function efforts(path: string): ModelRules[] {
  return EFFORTS.map(([models, nearest]) => ({
    models,
    // Names of one family begin with the name of an older one.
    except: models[0] === 'gpt-5' ? [...NOT_REASONING, 'gpt-5.'] : [],
    isForeignOnly: true,
    nearest: { [path]: nearest },
  }));
}

const SAMPLING = { temperature: 1, top_p: 1 };

/** For chat completions: what a reasoning model refuses, and what a plain one does. */
export const chatRules: readonly ModelRules[] = [
  ...efforts('reasoning_effort'),
  {
    models: REASONING,
    except: [...NOT_REASONING, ...SAMPLES_UNREASONING],
    isForeignOnly: true,
    only: SAMPLING,
    drop: ['logprobs', 'top_logprobs'],
  },
  {
    models: SAMPLES_UNREASONING,
    isForeignOnly: true,
    unless: { path: 'reasoning_effort', is: 'none' },
    only: SAMPLING,
    drop: ['logprobs', 'top_logprobs'],
  },
  {
    models: REASONING,
    except: NOT_REASONING,
    isForeignOnly: true,
    drop: ['frequency_penalty', 'presence_penalty', 'logit_bias'],
  },
  // o3 and later stop where they choose.
  { models: REASONING, except: [...NOT_REASONING, 'o1'], isForeignOnly: true, drop: ['stop'] },
  { models: PLAIN, isForeignOnly: true, drop: ['reasoning_effort', 'verbosity'] },
];

/** For Responses, whose wire has no penalties and no stop sequences. */
const responsesRules: readonly ModelRules[] = [
  ...efforts('reasoning.effort'),
  {
    models: REASONING,
    except: [...NOT_REASONING, ...SAMPLES_UNREASONING],
    isForeignOnly: true,
    only: SAMPLING,
  },
  {
    models: SAMPLES_UNREASONING,
    isForeignOnly: true,
    unless: { path: 'reasoning.effort', is: 'none' },
    only: SAMPLING,
  },
  {
    models: ['gpt-6'],
    isForeignOnly: true,
    drop: ['top_logprobs'],
    nearest: { 'include[]': { 'message.output_text.logprobs': null } },
  },
  {
    models: PLAIN,
    isForeignOnly: true,
    drop: ['reasoning', 'text.verbosity'],
    synonyms: { 'include[]': { 'reasoning.encrypted_content': null } },
  },
];

/** https://platform.openai.com/docs/models: models whose pages list the endpoint `v1/responses` and no other. */
const RESPONSES_ONLY = [
  'o1-pro',
  'o3-pro',
  'o3-deep-research',
  'o4-mini-deep-research',
  'computer-use-preview',
  'codex-mini-latest',
  'gpt-5-codex',
  'gpt-5-pro',
  'gpt-5.1-codex',
  'gpt-5.2-codex',
  'gpt-5.2-pro',
  'gpt-5.3-codex',
  'gpt-5.4-pro',
  'gpt-5.5-pro',
];

const COMPLETIONS_ONLY = ['gpt-3.5-turbo-instruct', 'davinci-002', 'babbage-002'];

/** A reasoning model's thoughts live on in Responses alone, so strangers to both take that way. */
export const openAiWays: readonly KnownWay[] = [
  {
    dialect: 'openai-responses',
    models: RESPONSES_ONLY,
    isRequired: true,
    quirks: { forModels: responsesRules },
  },
  { dialect: 'openai-completions', models: COMPLETIONS_ONLY, isRequired: true },
  {
    dialect: 'openai-responses',
    models: REASONING,
    isPreferred: true,
    quirks: { forModels: responsesRules },
  },
  { dialect: 'openai-responses', quirks: { forModels: responsesRules } },
];
