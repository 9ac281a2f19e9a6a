import type { ToolUses, Usage } from '@app/protocol';

/** Integer pico-dollars (1e-12 USD) per token, by token class. A class without a rate has no known price. */
export type Rates = { [tokenClass in keyof Usage]?: number };

/** Rates for the whole call once its input exceeds so many tokens. */
export type RateTier = { inputTokensMin: number; rates: Rates };

/** An exact share or multiple: 1/2 for half, 3/2 for one and a half. Both are safe integers, the denominator above 0. */
export type Ratio = { numerator: number; denominator: number };

/** What a queue of the provider's costs: rates of its own, or a multiple of what the default queue costs. */
export type ServiceTier = {
  /** In the place of the price's own rates and tiers. */
  rates?: Rates;
  tiers?: RateTier[];
  /** Of the tokens' cost; fees of tools are the same in every queue. */
  times?: Ratio;
  /** The rule is not stated for this very model, so a cost by it is an estimate. */
  isEstimated?: true;
};

/** What a model costs, as dated in the price table or told by the operator. */
export type Price = {
  /** Names the table and its date, and a discount, so that a cost can be traced to what priced it. */
  version: string;
  rates: Rates;
  /** Largest tier first. */
  tiers: RateTier[];
  /** By the name of the queue that answered; one that is not here costs an estimate: what the default queue costs. */
  serviceTiers?: { readonly [tier: string]: ServiceTier };
  /** Multiples of the tokens' cost by where the reply was made, where the provider bills that. */
  geos?: { readonly [geo: string]: Ratio };
  /** Integer pico-dollars per use of a tool that runs at the provider. */
  toolFees?: { readonly [tool in keyof ToolUses]?: number };
  /** Some uses are free or cost otherwise, which no single call shows: a cost with a fee is an estimate. */
  isFeeEstimated?: true;
  /** Tools are billed once for a reply, however often they ran for it. */
  isFeePerReply?: true;
  /** The list has one price for all kinds of input, and of output, but for those it names: nothing is guessed. */
  isOnePriced?: true;
  /** Integer pico-dollars for each request that is answered, beside its tokens. */
  requestFee?: number;
  /** Integer pico-dollars per hour of sound that is transcribed, where that is what is billed. */
  soundHour?: number;
  /** What is paid of every part of the cost, after a discount. */
  paid?: Ratio;
  /** The most tokens that fit into the model, input and output together, where the table knows it. */
  contextTokens?: number;
  /** The most tokens that the model writes in one reply, where that is known. */
  outputTokensMax?: number;
  /** Epoch milliseconds at which other rates may apply (a dated or time-of-day price): look the price up again then. */
  validUntilMs?: number;
};

/** `estimated`: some tokens were estimated or borrow another class's rate. `unknown`: no price, so no cost. */
export type CostLabel = 'exact' | 'estimated' | 'unknown' | 'sandbox';

/** Integer nano-dollars (1e-9 USD). `nanos` is 0 when the label is `unknown` or `sandbox`. */
export type Cost = { nanos: number; label: CostLabel; priceVersion: string };
