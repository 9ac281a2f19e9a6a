import type { DialectId, JsonObject } from '@app/protocol';

/** What a provider says it used, and what that costs, worked out by hand from its price list. */
export type CostCase = {
  name: string;
  provider: string;
  model: string;
  dialect: DialectId;
  /** The provider's own `usage`, or what its dialect calls it. */
  usage: JsonObject;
  /** What stands beside it in the reply. */
  beside?: JsonObject;
  nanos: number;
  label?: 'exact' | 'estimated' | 'unknown';
};

const openai = { provider: 'openai', dialect: 'openai-chat' } as const;
const responses = { provider: 'openai', dialect: 'openai-responses' } as const;
const details = (cached: number, written: number) => ({
  cached_tokens: cached,
  cache_write_tokens: written,
});

/** Rates per million tokens as on 1 November 2026. */
export const OPENAI_CASES: CostCase[] = [
  {
    // 1,500 × $2.50 + 500 × $10.
    ...openai,
    name: 'plain tokens',
    model: 'gpt-4o',
    usage: { prompt_tokens: 1_500, completion_tokens: 500, total_tokens: 2_000 },
    nanos: 8_750_000,
  },
  {
    // 8,000 of 10,000 cached: 2,000 × $2.50 + 8,000 × $1.25 + 500 × $10. Not 10,000 × $2.50 on top.
    ...openai,
    name: 'cached tokens are inside the prompt and are not billed a second time at the full rate',
    model: 'gpt-4o',
    usage: {
      prompt_tokens: 10_000,
      completion_tokens: 500,
      total_tokens: 10_500,
      prompt_tokens_details: { cached_tokens: 8_000, audio_tokens: 0 },
    },
    nanos: 20_000_000,
  },
  {
    // 1,000 × $1.25 + 2,000 × $10, of which 1,600 thought.
    ...openai,
    name: 'reasoning is inside the completion and is not added to it',
    model: 'gpt-5',
    usage: {
      prompt_tokens: 1_000,
      completion_tokens: 2_000,
      completion_tokens_details: { reasoning_tokens: 1_600, audio_tokens: 0 },
    },
    nanos: 21_250_000,
  },
  {
    // 1,000 text × $2.50 + 400 sound × $32 + 100 text × $10 + 300 sound × $64.
    ...openai,
    name: 'sound has rates of its own both ways',
    model: 'gpt-audio',
    usage: {
      prompt_tokens: 1_400,
      completion_tokens: 400,
      prompt_tokens_details: { audio_tokens: 400, cached_tokens: 0 },
      completion_tokens_details: { audio_tokens: 300, reasoning_tokens: 0 },
    },
    nanos: 2_500_000 + 12_800_000 + 1_000_000 + 19_200_000,
  },
  {
    // 2,000 × $4 + 5,000 × $0.40 + 3,000 × $5 + 100 × $20.
    ...openai,
    name: 'newer models bill what is written to the cache, which is inside the prompt',
    model: 'gpt-5.6-sol',
    usage: {
      prompt_tokens: 10_000,
      completion_tokens: 100,
      prompt_tokens_details: details(5_000, 3_000),
    },
    nanos: 8_000_000 + 2_000_000 + 15_000_000 + 2_000_000,
  },
  {
    // 272,000 reach the tier, cached or not: 172,000 × $8 + 100,000 × $0.80 + 10 × $30.
    ...openai,
    name: 'a long prompt costs its tier for the whole call, cached and output too',
    model: 'gpt-5.6-sol',
    usage: {
      prompt_tokens: 272_000,
      completion_tokens: 10,
      prompt_tokens_details: { cached_tokens: 100_000 },
    },
    nanos: 1_376_000_000 + 80_000_000 + 300_000,
  },
  {
    ...openai,
    name: 'one token less and none of it does',
    model: 'gpt-5.6-sol',
    usage: { prompt_tokens: 271_999, completion_tokens: 10 },
    nanos: 1_087_996_000 + 200_000,
  },
  {
    ...openai,
    name: 'flex is half',
    model: 'gpt-5',
    usage: { prompt_tokens: 1_000, completion_tokens: 100 },
    beside: { service_tier: 'flex' },
    nanos: 1_125_000,
  },
  {
    ...openai,
    name: 'priority that was asked for and not given is billed as what answered',
    model: 'gpt-5',
    usage: { prompt_tokens: 1_000, completion_tokens: 100 },
    beside: { service_tier: 'default' },
    nanos: 2_250_000,
  },
  {
    ...openai,
    name: 'priority that was given is more',
    model: 'gpt-4o',
    usage: { prompt_tokens: 1_000, completion_tokens: 100 },
    beside: { service_tier: 'priority' },
    nanos: 5_950_000,
  },
  {
    ...openai,
    name: 'parts larger than their total are not believed, and never make a cost below zero',
    model: 'gpt-4o',
    usage: { prompt_tokens: 10, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 30 } },
    nanos: 37_500,
    label: 'estimated',
  },
  {
    ...openai,
    name: 'a model without a price costs nothing that is known',
    model: 'gpt-of-tomorrow',
    usage: { prompt_tokens: 1_000, completion_tokens: 100 },
    nanos: 0,
    label: 'unknown',
  },
  {
    // 500 × $1.25 + 1,500 × $0.125 + 300 × $10; a total that is sent with its parts is no part.
    ...responses,
    name: 'Responses: cached and reasoning are inside, and the total is added to nothing',
    model: 'gpt-5',
    usage: {
      input_tokens: 2_000,
      input_tokens_details: details(1_500, 0),
      output_tokens: 300,
      output_tokens_details: { reasoning_tokens: 200 },
      total_tokens: 2_300,
    },
    nanos: 625_000 + 187_500 + 3_000_000,
  },
  {
    // A page that is opened is no search. Two searches × $10 and one of files × $2.50 per thousand.
    ...responses,
    name: 'Responses: searches are billed by the search, not by the page that is opened',
    model: 'gpt-5',
    usage: { input_tokens: 1_000, output_tokens: 0, output_tokens_details: { reasoning_tokens: 0 } },
    beside: {
      output: [
        { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'a' } },
        { type: 'web_search_call', id: 'ws_2', action: { type: 'open_page', url: 'https://example.com' } },
        { type: 'web_search_call', id: 'ws_3' },
        { type: 'file_search_call', id: 'fs_1' },
      ],
    },
    nanos: 1_250_000 + 20_000_000 + 2_500_000,
  },
  {
    ...responses,
    name: 'Responses: a picture that a tool made is billed elsewhere, so the cost is an estimate',
    model: 'gpt-5',
    usage: { input_tokens: 1_000, output_tokens: 0 },
    beside: { output: [{ type: 'image_generation_call', id: 'ig_1', result: 'AAAA' }] },
    nanos: 1_250_000,
    label: 'estimated',
  },
];

const claude = { provider: 'anthropic', dialect: 'anthropic-messages' } as const;

export const ANTHROPIC_CASES: CostCase[] = [
  {
    // Beside the cache: 1,000 × $3 + 4,000 × $0.30 + 3,000 × $3.75 + 2,000 × $6 + 500 × $15.
    ...claude,
    name: 'what is read from and written to the cache stands beside the input, for two lifetimes',
    model: 'claude-sonnet-4-5',
    usage: {
      input_tokens: 1_000,
      cache_read_input_tokens: 4_000,
      cache_creation_input_tokens: 5_000,
      cache_creation: { ephemeral_5m_input_tokens: 3_000, ephemeral_1h_input_tokens: 2_000 },
      output_tokens: 500,
    },
    nanos: 3_000_000 + 1_200_000 + 11_250_000 + 12_000_000 + 7_500_000,
  },
  {
    ...claude,
    name: 'thinking is inside the output',
    model: 'claude-sonnet-4-5',
    usage: {
      input_tokens: 10,
      output_tokens: 1_000,
      output_tokens_details: { thinking_tokens: 900 },
    },
    nanos: 30_000 + 15_000_000,
  },
  {
    // 200,001 in all, though only 1 of it is fresh: $6, $0.60 and $22.50.
    ...claude,
    name: 'the long-context tier counts what is cached',
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 1, cache_read_input_tokens: 200_000, output_tokens: 100 },
    nanos: 6_000 + 120_000_000 + 2_250_000,
  },
  {
    ...claude,
    name: 'at its border the base rates hold',
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 1, cache_read_input_tokens: 199_999, output_tokens: 100 },
    nanos: 3_000 + 59_999_700 + 1_500_000,
  },
  {
    // $10 per thousand searches; what was fetched costs its tokens alone.
    ...claude,
    name: 'searches are billed beside the tokens, fetches are not',
    model: 'claude-sonnet-4-5',
    usage: {
      input_tokens: 1_000,
      output_tokens: 100,
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 },
    },
    nanos: 3_000_000 + 1_500_000 + 30_000_000,
  },
  {
    ...claude,
    name: 'a batch halves its tokens and not its searches',
    model: 'claude-sonnet-4-5',
    usage: {
      input_tokens: 1_000,
      output_tokens: 100,
      service_tier: 'batch',
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
    },
    nanos: 2_250_000 + 10_000_000,
  },
  {
    ...claude,
    name: 'the standard queue by its name is the default',
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 1_000, output_tokens: 100, service_tier: 'standard', inference_geo: 'global' },
    nanos: 4_500_000,
  },
  {
    ...claude,
    name: 'capacity that was bought before makes the cost an estimate',
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 1_000, output_tokens: 100, service_tier: 'priority' },
    nanos: 4_500_000,
    label: 'estimated',
  },
  {
    // $5 and $25, twice for speed, and a tenth more for the place.
    ...claude,
    name: 'a fast reply made in the United States',
    model: 'claude-opus-4-8',
    usage: {
      input_tokens: 1_000,
      output_tokens: 100,
      speed: 'fast',
      service_tier: 'standard',
      inference_geo: 'us',
    },
    nanos: 16_500_000,
  },
  {
    // The iterations of a compaction are billed and not in the top figures.
    ...claude,
    name: 'what a compaction used is added once',
    model: 'claude-sonnet-4-5',
    usage: {
      input_tokens: 1_000,
      output_tokens: 100,
      iterations: [
        { type: 'compaction', input_tokens: 50_000, output_tokens: 1_000 },
        { type: 'message', input_tokens: 1_000, output_tokens: 100 },
      ],
    },
    nanos: 153_000_000 + 16_500_000,
  },
];
