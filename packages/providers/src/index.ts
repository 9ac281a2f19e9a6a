export { authHeaders } from './auth/auth-headers.ts';
export { findSecretProblem } from './auth/find-secret-problem.ts';
export { writeTokenRequest } from './auth/google-assertion.ts';
export { secretsOf } from './auth/secrets-of.ts';
export type { SignedRequest } from './auth/sign-aws.ts';
export type { Cloud, CloudOptions, CloudProblem } from './clouds/cloud-options.ts';
export {
  cloudFields,
  cloudKinds,
  cloudProblems,
  cloudRow,
  findCloud,
} from './clouds/cloud-providers.ts';
export { discountPrice } from './discount-price.ts';
export { type CostPart, explainCost } from './explain-cost.ts';
export { findKeyOwner, findKeyProvider } from './find-key-owner.ts';
export { findPrice, type PriceQuestion } from './find-price.ts';
export { findWay } from './find-way.ts';
export { openAwsEventStream } from './framing/aws-event-stream.ts';
export {
  findKnownProvider,
  type KnownProvider,
  type KnownProviders,
  knownProviders,
} from './known-providers.ts';
export { type CatalogModel, listModels } from './list-models.ts';
export {
  type Ability,
  endpointOf,
  findAbility,
  isModelFor,
  OPERATIONS,
  type Operation,
} from './operations.ts';
export { picoRate } from './pico-rate.ts';
export type { Cost, CostLabel, Price, Rates, RateTier, Ratio, ServiceTier } from './price.ts';
export { type BillingFacts, type PriceUsageOptions, priceUsage } from './price-usage.ts';
export type { Auth, GoogleAuth, Provider, Way } from './provider.ts';
export { type ProviderOptions, providerRow } from './provider-row.ts';
export { applyQuirks, moveHeaders, type Quirks } from './quirks.ts';
export { createSandbox, type SandboxDeps } from './sandbox/create-sandbox.ts';
export { createTokenCounter, type TokenCounter } from './sandbox/create-token-counter.ts';
export { isSandboxModel, type Pace, sandboxModels } from './sandbox/find-outcome.ts';
export { sandboxDimensions, sandboxEmbedding } from './sandbox/sandbox-embedding.ts';
export type {
  SandboxReply,
  SandboxRequest,
  SandboxSend,
  SandboxSending,
} from './sandbox/sandbox-ports.ts';
export { everySandbox, sandboxProvider } from './sandbox/sandbox-provider.ts';
export { Secret } from './secret.ts';
export { createSecretSwap, withSecret } from './with-secret.ts';
