import { hostOf } from './propagates-to.ts';

/** Makers that answer in the format of another and so are reached with its client. */
const HOSTS: readonly (readonly [string, string])[] = [
  ['api.openai.com', 'openai'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'google'],
  ['aiplatform.googleapis.com', 'google-vertex'],
  ['openai.azure.com', 'azure'],
  ['cognitiveservices.azure.com', 'azure'],
  ['services.ai.azure.com', 'azure'],
  ['amazonaws.com', 'aws-bedrock'],
  ['openrouter.ai', 'openrouter'],
  ['api.groq.com', 'groq'],
  ['api.mistral.ai', 'mistral'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x-ai'],
  ['api.together.xyz', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.moonshot.ai', 'moonshotai'],
];

/** Whose models answer at this address; `home` where the address says nothing. */
export function findProvider(baseUrl: string | undefined, home: string): string {
  const host = hostOf(baseUrl) ?? '';
  const known = HOSTS.find(([end]) => host === end || host.endsWith(`.${end}`) || host.endsWith(`-${end}`));
  return known?.[1] ?? home;
}
