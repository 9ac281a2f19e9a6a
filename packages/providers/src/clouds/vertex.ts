import { readServiceAccount } from '../auth/google-assertion.ts';
import type { Provider } from '../provider.ts';
import { claudeRules } from '../rows/claude-rules.ts';
import { geminiQuirks } from '../rows/maker-quirks.ts';
import { type Cloud, type CloudOptions, type CloudProblem, missing, nameProblems } from './cloud-options.ts';

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/** Makers whose models Vertex AI serves under an OpenAI-compatible endpoint; a model is named `maker/model`. */
const OPENAI_COMPATIBLE = ['meta', 'deepseek-ai', 'qwen', 'openai', 'moonshotai', 'minimaxai', 'zai-org'];

/**
 * Google's Vertex AI: Gemini in its own words, Claude in Anthropic's, open models in OpenAI's. Sources: the Vertex AI
 * pages on Gemini, on Claude (`rawPredict`) and on open models; Anthropic's page on Vertex AI.
 */
export const vertex: Cloud = {
  priceId: 'google',
  fields: ['project', 'location', 'credentials'],
  problems(options) {
    const needs = options.base_url === undefined;
    return [
      ...nameProblems('project', options.project, { needs, example: 'my-project-1' }),
      ...nameProblems('location', options.location, { needs, example: 'europe-west4 or global' }),
      ...credentialProblems(options),
    ];
  },
  row(options) {
    const { id, project = '', location = '', credentials, base_url } = options;
    const baseUrl = base_url ?? `https://${hostOf(location)}/v1/projects/${project}/locations/${location}`;
    const main: Provider = {
      id,
      dialect: 'gemini',
      baseUrl,
      // One credential for all ways, so that they share its token.
      auth:
        credentials === undefined ? { kind: 'none' } : { kind: 'google-oauth', credentials, scopes: SCOPES },
      headers: {},
      paths: {
        whole: '/publishers/google/models/{model}:generateContent',
        stream: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
      },
      quirks: geminiQuirks,
    };
    return {
      ...main,
      also: [
        { provider: claudeOf(main), models: ['claude'], isRequired: true },
        {
          provider: openModelsOf(main),
          models: OPENAI_COMPATIBLE.map((maker) => `${maker}/`),
          isRequired: true,
        },
      ],
    };
  },
};

function claudeOf(main: Provider): Provider {
  return {
    ...main,
    dialect: 'anthropic-messages',
    paths: {
      whole: '/publishers/anthropic/models/{model}:rawPredict',
      stream: '/publishers/anthropic/models/{model}:streamRawPredict',
    },
    quirks: { forModels: claudeRules, omit: ['model'], set: { anthropic_version: 'vertex-2023-10-16' } },
  };
}

function openModelsOf({ quirks: _, ...main }: Provider): Provider {
  const path = '/endpoints/openapi/chat/completions';
  return { ...main, dialect: 'openai-chat', paths: { whole: path, stream: path } };
}

/** The world's endpoint and those of whole continents have hosts of their own. */
function hostOf(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}

function credentialProblems({ credentials }: CloudOptions): CloudProblem[] {
  if (credentials === undefined) {
    return [missing('credentials', "a service account's JSON key, or its path as credentials_file")];
  }
  try {
    readServiceAccount(credentials);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ field: 'credentials', message: `cannot be used: ${why}` }];
  }
}
