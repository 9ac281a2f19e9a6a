export { playsAnthropic } from './anthropic-upstream.ts';
export { playsAwsKms } from './aws-kms-upstream.ts';
export {
  type FakeAwsOptions,
  type FakeAwsSecrets,
  playsAwsSecrets,
} from './aws-secrets-upstream.ts';
export { type AwsKeys, playsBedrock } from './bedrock-upstream.ts';
export * from './factories.ts';
export * from './fake-caller.ts';
export * from './fake-clock.ts';
export * from './fake-send.ts';
export * from './fake-upstream.ts';
export { playsGemini } from './gemini-upstream.ts';
export { type FakeGithub, type GithubPerson, playsGithub } from './github-login.ts';
export { type FakeGoogleSecrets, playsGoogleSecrets } from './google-secrets-upstream.ts';
export {
  type LimitStep,
  type LimitSystem,
  limitSteps,
  modelLimits,
  playLimits,
} from './limits/play-limits.ts';
export { makeCertificate, type TestCertificate } from './make-certificate.ts';
export * from './memory-snapshot.ts';
export { type FakeOidc, type OidcForgery, playsOidc } from './oidc-login.ts';
export { hasTestRedis, openTestRedis, type TestRedis } from './open-test-redis.ts';
export { playsOpenAi, type Saying, type ToolSaying } from './openai-upstream.ts';
export { playsResponses } from './responses-upstream.ts';
export { createSealingKey, type SealingKey } from './sealing-key.ts';
export * from './upstream-scripts.ts';
export { type FakeVault, type FakeVaultOptions, playsVault } from './vault-upstream.ts';
