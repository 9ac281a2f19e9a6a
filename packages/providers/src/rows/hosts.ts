import { cerebrasQuirks, groqQuirks, routerQuirks, togetherQuirks } from './host-quirks.ts';
import { chat, completions, type KnownProviders, messages, messagesAt, responses } from './known-provider.ts';

/** Those who serve models that others made. */
export const hosts: KnownProviders = {
  groq: chat('https://api.groq.com/openai/v1', 'https://console.groq.com/docs/openai', {
    quirks: groqQuirks,
    also: [responses],
  }),
  together: chat(
    'https://api.together.ai/v1',
    'https://docs.together.ai/docs/inference/openai-compatibility',
    {
      quirks: togetherQuirks,
      also: [completions],
    },
  ),
  fireworks: chat(
    'https://api.fireworks.ai/inference/v1',
    'https://docs.fireworks.ai/guides/querying-text-models',
    {
      also: [responses, completions, messages],
    },
  ),
  openrouter: chat('https://openrouter.ai/api/v1', 'https://openrouter.ai/docs/api_reference/overview', {
    quirks: routerQuirks,
    also: [responses, completions, messages],
  }),
  cerebras: chat('https://api.cerebras.ai/v1', 'https://inference-docs.cerebras.ai/resources/openai', {
    quirks: cerebrasQuirks,
    also: [completions],
  }),
  nvidia: chat('https://integrate.api.nvidia.com/v1', 'https://docs.api.nvidia.com/nim/reference/llm-apis'),
  huggingface: chat(
    'https://router.huggingface.co/v1',
    'https://huggingface.co/docs/inference-providers/guides/responses-api',
    { also: [responses] },
  ),
  deepinfra: chat('https://api.deepinfra.com/v1/openai', 'https://docs.deepinfra.com/chat/overview', {
    also: [messagesAt('https://api.deepinfra.com/anthropic/v1')],
  }),
  sambanova: chat('https://api.sambanova.ai/v1', 'https://docs.sambanova.ai/docs'),
  nebius: chat('https://api.tokenfactory.nebius.com/v1', 'https://docs.tokenfactory.nebius.com'),
  novita: chat(
    'https://api.novita.ai/openai',
    'https://novita.ai/docs/api-reference/model-apis-llm-create-chat-completion',
  ),
  hyperbolic: chat('https://api.hyperbolic.xyz/v1', 'https://docs.hyperbolic.xyz'),
  baseten: chat(
    'https://inference.baseten.co/v1',
    'https://docs.baseten.co/reference/inference-api/chat-completions',
  ),
  'github-models': chat('https://models.github.ai/inference', 'https://docs.github.com/en/github-models'),
  'cloudflare-workers-ai': chat(
    'https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1',
    'https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility',
    { priceId: 'cloudflare' },
  ),
  'vercel-ai-gateway': chat(
    'https://ai-gateway.vercel.sh/v1',
    'https://vercel.com/docs/ai-gateway/sdks-and-apis',
    {
      quirks: routerQuirks,
      also: [responses, messages],
    },
  ),
  scaleway: chat('https://api.scaleway.ai/v1', 'https://www.scaleway.com/en/docs/generative-apis/'),
  ovhcloud: chat(
    'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1',
    'https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/',
    { also: [responses] },
  ),
  databricks: chat(
    'https://{workspace}/serving-endpoints',
    'https://docs.databricks.com/machine-learning/model-serving/score-foundation-models.html',
  ),
  'snowflake-cortex': chat(
    'https://{account}.snowflakecomputing.com/api/v2/cortex/v1',
    'https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api',
  ),
  siliconflow: chat(
    'https://api.siliconflow.com/v1',
    'https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions',
    { quirks: { thinking: { kind: 'switch', field: 'enable_thinking', on: true, off: false } } },
  ),
  featherless: chat('https://api.featherless.ai/v1', 'https://featherless.ai/docs'),
  friendli: chat(
    'https://api.friendli.ai/serverless/v1',
    'https://friendli.ai/docs/openapi/model-apis/chat-completions',
  ),
  parasail: chat('https://api.parasail.io/v1', 'https://docs.parasail.io'),
  chutes: chat('https://llm.chutes.ai/v1', 'https://chutes.ai/docs'),
  venice: chat('https://api.venice.ai/api/v1', 'https://docs.venice.ai/api-reference/api-spec'),
  nscale: chat('https://inference.api.nscale.com/v1', 'https://docs.nscale.com/docs/use-cases/chat'),
  'inference-net': chat('https://api.inference.net/v1', 'https://inference.net/models'),
  'io-net': chat(
    'https://api.intelligence.io.solutions/api/v1',
    'https://io.net/docs/guides/intelligence/io-intelligence',
    {
      quirks: { rename: { reasoning_effort: 'reasoning.effort' } },
    },
  ),
  wandb: chat('https://api.inference.wandb.ai/v1', 'https://docs.wandb.ai/inference'),
  poe: chat(
    'https://api.poe.com/v1',
    'https://creator.poe.com/docs/external-applications/openai-compatible-api',
  ),
  'nano-gpt': chat('https://nano-gpt.com/api/v1', 'https://docs.nano-gpt.com'),
  'ollama-cloud': chat('https://ollama.com/v1', 'https://docs.ollama.com/cloud', { also: [responses] }),
};
