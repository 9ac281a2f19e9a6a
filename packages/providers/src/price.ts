import type { Usage } from '@app/protocol';

/** Integer pico-dollars (1e-12 USD) per token, by token class. A class without a rate has no known price. */
export type Rates = { [tokenClass in keyof Usage]?: number };

/** What a model costs, as dated in the price table. */
export type Price = {
  /** Names the table and its date, so that a cost can be traced to what priced it. */
  version: string;
  rates: Rates;
  /** Rates for the whole call once its input exceeds the tier's tokens; largest tier first. */
  tiers: { inputTokensMin: number; rates: Rates }[];
  /** Integer pico-dollars per second of sound that is transcribed, where that is what is billed. */
  soundSecond?: number;
  /** Epoch milliseconds at which other rates may apply (a dated or time-of-day price): look the price up again then. */
  validUntilMs?: number;
};

/** `estimated`: some tokens were estimated or borrow another class's rate. `unknown`: no price, so no cost. */
export type CostLabel = 'exact' | 'estimated' | 'unknown' | 'sandbox';

/** Integer nano-dollars (1e-9 USD). `nanos` is 0 when the label is `unknown` or `sandbox`. */
export type Cost = { nanos: number; label: CostLabel; priceVersion: string };
