import type { Price, Provider } from '@app/providers';

/** What the configuration says about models, with every default already applied. */
export type ModelConfig = {
  /** In order of preference. Without `models` a provider offers what the price table lists for it. */
  providers: readonly { provider: Provider; models: readonly string[] | undefined }[];
  /** The operator's own names; each stands for models, `provider_id/model` or other aliases, in order. */
  aliases: { readonly [alias: string]: readonly string[] };
  /** Tried in this order when a call names no model; when empty, every configured model in order. */
  modelOrder: readonly string[];
  /** The operator's own prices by `provider_id/model`; they replace the price table. */
  prices?: { readonly [providerAndModel: string]: Price };
  /** What contracts take off: percentages as decimals. That of a provider holds for the price table's prices alone. */
  discounts?: { readonly [providerOrProviderAndModel: string]: string };
  /** The most tokens that a model writes in one reply, where the operator says it. */
  outputTokensMax?: { readonly [providerAndModel: string]: number };
};
