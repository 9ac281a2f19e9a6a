import type { Provider, Way } from '../provider.ts';
import { claudeRules } from '../rows/claude-rules.ts';
import { chatRules, openAiWays } from '../rows/openai-rules.ts';
import {
  type Cloud,
  type CloudOptions,
  type CloudProblem,
  keyOrToken,
  missing,
  nameProblems,
} from './cloud-options.ts';

const VERSION = /^\d{4}-\d{2}-\d{2}(?:-preview)?$/;

/**
 * Azure OpenAI. A model's name is that of a deployment. The v1 API is OpenAI's own with another header; with
 * `api_version` it is the older one, where the deployment stands in the path. Sources: Microsoft, "Azure OpenAI in
 * Microsoft Foundry Models v1 API" and "Azure OpenAI REST API reference".
 */
export const azure: Cloud = {
  priceId: 'azure',
  fields: ['resource', 'api_key', 'entra_token', 'api_version'],
  problems: (options) => [...problemsOf(options), ...versionProblems(options.api_version)],
  row(options) {
    const { id, resource = '', api_version: version, base_url } = options;
    const baseUrl = base_url ?? `https://${resource}.openai.azure.com/openai${version ? '' : '/v1'}`;
    const main: Provider = {
      id,
      dialect: 'openai-chat',
      baseUrl,
      auth: keyOrToken('api-key', options),
      headers: {},
      quirks: { forModels: chatRules },
    };
    if (version === undefined) return { ...main, also: openAiWaysOf(main) };
    const path = `/deployments/{model}/chat/completions?api-version=${version}`;
    return {
      ...main,
      paths: { whole: path, stream: path },
      also: openAiWaysOf(main, {
        'openai-responses': `/responses?api-version=${version}`,
        'openai-completions': `/deployments/{model}/completions?api-version=${version}`,
      }),
    };
  },
};

/**
 * Microsoft Foundry: OpenAI's and other makers' models in OpenAI's words, Claude in Anthropic's. Sources: Microsoft,
 * "Endpoints for Microsoft Foundry Models"; Anthropic, "Claude in Microsoft Foundry".
 */
export const azureFoundry: Cloud = {
  priceId: 'azure',
  fields: ['resource', 'api_key', 'entra_token'],
  problems: problemsOf,
  row(options) {
    const { id, resource = '', base_url } = options;
    const main: Provider = {
      id,
      dialect: 'openai-chat',
      baseUrl: base_url ?? `https://${resource}.services.ai.azure.com`,
      auth: keyOrToken('api-key', options),
      headers: {},
      paths: { whole: '/openai/v1/chat/completions', stream: '/openai/v1/chat/completions' },
      quirks: { forModels: chatRules },
    };
    const claude: Provider = {
      ...main,
      dialect: 'anthropic-messages',
      auth: keyOrToken('x-api-key', options),
      headers: { 'anthropic-version': '2023-06-01' },
      paths: { whole: '/anthropic/v1/messages', stream: '/anthropic/v1/messages' },
      quirks: { forModels: claudeRules },
    };
    const ways = openAiWaysOf(main, {
      'openai-responses': '/openai/v1/responses',
      'openai-completions': '/openai/v1/completions',
    });
    return { ...main, also: [{ provider: claude, models: ['claude'], isRequired: true }, ...ways] };
  },
};

type OtherPaths = { readonly [dialect: string]: string };

/** OpenAI's ways under one address: each dialect's usual path, or the one given. */
function openAiWaysOf(main: Provider, given: OtherPaths = {}): Way[] {
  const { paths: _, quirks: __, ...plain } = main;
  return openAiWays.map(({ dialect, quirks, baseUrl: ___, ...facts }) => {
    const path = given[dialect];
    const provider: Provider = { ...plain, dialect };
    if (quirks !== undefined) provider.quirks = quirks;
    if (path !== undefined) provider.paths = { whole: path, stream: path };
    return { provider, ...facts };
  });
}

function problemsOf(options: CloudOptions): CloudProblem[] {
  const { resource, base_url, api_key, entra_token, models } = options;
  const problems = nameProblems('resource', resource, {
    needs: base_url === undefined,
    example: 'my-resource for https://my-resource.openai.azure.com',
  });
  if (api_key === undefined && entra_token === undefined)
    problems.push(missing('api_key', 'best as ${AZURE_OPENAI_API_KEY}'));
  if (api_key !== undefined && entra_token !== undefined)
    problems.push({ field: 'entra_token', message: 'cannot stand beside api_key; keep one of the two' });
  if (models === undefined) problems.push(missing('models', 'the names of your deployments'));
  return problems;
}

function versionProblems(version: string | undefined): CloudProblem[] {
  if (version === undefined || VERSION.test(version)) return [];
  return [{ field: 'api_version', message: 'is not a date such as 2024-10-21 or 2025-04-01-preview' }];
}
