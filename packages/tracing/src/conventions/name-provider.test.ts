import { expect, test } from 'vitest';
import { guessProvider, nameProvider, providerAt } from './name-provider.ts';

test.each([
  ['openai', 'openai'],
  ['OpenAI', 'openai'],
  ['openai.chat', 'openai'],
  ['openai.responses', 'openai'],
  ['anthropic.messages', 'anthropic'],
  ['gcp.vertex_ai', 'vertex'],
  ['google.vertex.chat', 'vertex'],
  ['vertex.anthropic.messages', 'vertex'],
  ['gcp.gemini', 'google'],
  ['google_genai', 'google'],
  ['google.generative-ai', 'google'],
  ['aws.bedrock', 'bedrock'],
  ['amazon-bedrock', 'bedrock'],
  ['AWS', 'bedrock'],
  ['azure.ai.openai', 'azure'],
  ['azure.ai.inference', 'azure-foundry'],
  ['mistral_ai', 'mistral'],
  ['x_ai', 'xai'],
  ['xai.chat', 'xai'],
  ['moonshot_ai', 'moonshotai'],
  ['groq', 'groq'],
  ['together_ai', 'together'],
  ['my-own-server', 'my-own-server'],
  ['LangChain', undefined],
  ['', undefined],
])('%j is %j', (name, provider) => {
  expect(nameProvider(name)).toBe(provider);
});

test.each([
  ['gpt-4o-mini', 'openai'],
  ['o3', 'openai'],
  ['claude-opus-4-5', 'anthropic'],
  ['gemini-2.5-pro', 'google'],
  ['llama-3.3-70b', undefined],
  ['gpt-oss-120b', undefined],
  ['deepseek-v3', undefined],
  ['', undefined],
])('who serves %j without being named is %j', (model, provider) => {
  expect(guessProvider(model)).toBe(provider);
});

test.each([
  ['api.openai.com', 'openai'],
  ['api.openai.com:443', 'openai'],
  ['https://api.openai.com/v1/', 'openai'],
  ['https://acme.openai.azure.com/openai', 'azure'],
  ['bedrock-runtime.eu-west-1.amazonaws.com', 'bedrock'],
  ['europe-west4-aiplatform.googleapis.com', 'vertex'],
  ['generativelanguage.googleapis.com', 'google'],
  ['127.0.0.1', undefined],
  ['api.openai.com.evil.example', undefined],
  ['https://[broken', undefined],
])('at %j is %j', (address, provider) => {
  expect(providerAt(address)).toBe(provider);
});
