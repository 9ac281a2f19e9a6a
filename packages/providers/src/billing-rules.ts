import type { ToolUses } from '@app/protocol';
import type { Price, Ratio, ServiceTier } from './price.ts';

/** What a provider's price list says beside its rates: of queues, places and tools. */
export type BillingRule = {
  /** The first row whose pattern fits the model's name holds. */
  serviceTiers?: { readonly [tier: string]: readonly TierRow[] };
  geos?: { readonly [geo: string]: readonly [models: RegExp, times: Ratio] };
  /** Dollars per thousand uses, where the price table has none; the first pattern that fits. */
  toolFees?: { readonly [tool in keyof ToolUses]?: readonly [models: RegExp, dollarsPerThousand: string][] };
  /** So many uses are free, in a period that no single call shows. */
  hasFreeUses?: true;
  /** Models whose tools are billed once for a reply. */
  feePerReply?: RegExp;
  /** What the list names no price of its own for costs what text costs. */
  hasOnePrice?: true;
};

type TierRow = readonly [models: RegExp, times: Ratio, isEstimated?: 'estimated'];

/** What the rules of the provider make of one model. */
export function findBillingRule(providerId: string): BillingRule {
  return Object.hasOwn(RULES, providerId) ? (RULES[providerId] ?? OTHERS) : OTHERS;
}

/** The queues and places of one model. */
export function tiersAndGeos(rule: BillingRule, model: string): Pick<Price, 'serviceTiers' | 'geos'> {
  const serviceTiers: { [tier: string]: ServiceTier } = {};
  for (const [tier, rows] of Object.entries(rule.serviceTiers ?? {})) {
    const row = rows.find(([models]) => models.test(model));
    if (row === undefined) continue;
    serviceTiers[tier] = row[2] === undefined ? { times: row[1] } : { times: row[1], isEstimated: true };
  }
  const geos: { [geo: string]: Ratio } = {};
  for (const [geo, [models, times]] of Object.entries(rule.geos ?? {})) {
    if (models.test(model)) geos[geo] = times;
  }
  return {
    ...(Object.keys(serviceTiers).length === 0 ? {} : { serviceTiers }),
    ...(Object.keys(geos).length === 0 ? {} : { geos }),
  };
}

function guessed(tiers: { [tier: string]: Ratio }): { [tier: string]: TierRow[] } {
  return Object.fromEntries(
    Object.entries(tiers).map(([tier, ratio]): [string, TierRow[]] => [tier, [[ANY, ratio, 'estimated']]]),
  );
}

const ANY = /^/;
const HALF: Ratio = { numerator: 1, denominator: 2 };
const SAME: Ratio = { numerator: 1, denominator: 1 };
const times = (numerator: number, denominator = 1): Ratio => ({ numerator, denominator });

/** Every provider that has batches sells them at half its price; where we know of no page that says so it is a guess. */
const OTHERS: BillingRule = { serviceTiers: { batch: [[ANY, HALF, 'estimated']] } };

/** https://developers.openai.com/api/docs/pricing and https://openai.com/api-priority-processing. */
const OPENAI_PRIORITY: readonly TierRow[] = [
  [/^gpt-5\.5/, times(5, 2)],
  [/^gpt-5-mini/, times(9, 5)],
  [/^gpt-4\.1-nano/, times(2)],
  [/^(gpt-4\.1|o3($|-\d))/, times(7, 4)],
  [/^gpt-4o-mini/, times(5, 3)],
  [/^gpt-4o($|-\d)/, times(17, 10)],
  [/^o4-mini/, times(20, 11)],
  [/^gpt-5(\.[124])?($|-\d|-codex$)/, times(2)],
  [/^gpt-5\.(4-mini|6-(sol|terra|luna))/, times(2)],
  [ANY, times(2), 'estimated'],
];

const OPENAI: BillingRule = {
  serviceTiers: {
    batch: [[ANY, HALF]],
    flex: [[ANY, HALF]],
    priority: OPENAI_PRIORITY,
    fast: OPENAI_PRIORITY,
  },
};

/** https://platform.claude.com/docs/en/about-claude/pricing; the page on fast mode; the one on data residency. */
const ANTHROPIC: BillingRule = {
  serviceTiers: {
    batch: [[ANY, HALF]],
    // Capacity that was bought before: what a call's share of it cost is not told.
    priority: [[ANY, SAME, 'estimated']],
    fast: [
      [/^claude-opus-4-[67]/, times(6)],
      [/^claude-opus-(4-8|5$|5-\d{8})/, times(2)],
      [ANY, times(2), 'estimated'],
    ],
  },
  geos: { us: [/^claude-(?!haiku-4-5|opus-4-[015]|sonnet-4-[05]|[0-3v])/, times(11, 10)] },
  toolFees: { webFetch: [[ANY, '0']] },
};

/** https://ai.google.dev/gemini-api/docs/pricing and its pages on flex and priority inference. */
const GOOGLE: BillingRule = {
  serviceTiers: {
    batch: [[ANY, HALF]],
    flex: [[ANY, HALF]],
    // The page says 75 to 100 % more, by the model.
    priority: [[ANY, times(9, 5), 'estimated']],
  },
  toolFees: {
    webSearch: [
      [/^gemini-(1|2)/, '35'],
      [ANY, '14'],
    ],
    mapSearch: [
      [/^gemini-(1|2)/, '25'],
      [ANY, '14'],
    ],
  },
  hasFreeUses: true,
  feePerReply: /^gemini-(1|2)/,
  hasOnePrice: true,
};

/** https://aws.amazon.com/bedrock/pricing; premiums and discounts are the model maker's own. */
const AWS: BillingRule = {
  serviceTiers: {
    batch: [[ANY, HALF]],
    flex: [[ANY, HALF, 'estimated']],
    priority: [[ANY, times(7, 4), 'estimated']],
    reserved: [[ANY, SAME, 'estimated']],
  },
};

const HALF_BATCH: BillingRule = { serviceTiers: { batch: [[ANY, HALF]] } };

/** By the price table's name of the provider. */
const RULES: { readonly [providerId: string]: BillingRule } = {
  openai: OPENAI,
  // Its models are OpenAI's, its list is its own.
  azure: {
    serviceTiers: { batch: [[ANY, HALF]], ...guessed({ flex: HALF, priority: times(2), fast: times(2) }) },
  },
  anthropic: ANTHROPIC,
  google: GOOGLE,
  aws: AWS,
  mistral: HALF_BATCH,
  // https://console.groq.com/docs/service-tiers: flex costs what the default queue costs.
  groq: {
    serviceTiers: { batch: [[ANY, HALF]], flex: [[ANY, SAME]], performance: [[ANY, SAME, 'estimated']] },
  },
  together: HALF_BATCH,
  fireworks: HALF_BATCH,
  // https://docs.x.ai/developers/pricing.
  'x-ai': {
    ...OTHERS,
    toolFees: {
      webSearch: [[ANY, '5']],
      socialSearch: [[ANY, '5']],
      codeExecution: [[ANY, '5']],
      fileSearch: [[ANY, '2.5']],
    },
  },
};
