import type { CostCase } from './cost-cases.ts';

const google = { provider: 'google', dialect: 'gemini' } as const;

export const GEMINI_CASES: CostCase[] = [
  {
    // 1,000 × $1.25 + 200 × $10 + 800 × $10.
    ...google,
    name: 'thoughts stand beside the candidates and are billed as output',
    model: 'gemini-2.5-pro',
    usage: {
      promptTokenCount: 1_000,
      candidatesTokenCount: 200,
      thoughtsTokenCount: 800,
      totalTokenCount: 2_000,
    },
    nanos: 1_250_000 + 2_000_000 + 8_000_000,
  },
  {
    // 600 × $1.25 + 400 × $0.125.
    ...google,
    name: 'what is cached is inside the prompt',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 1_000, cachedContentTokenCount: 400, candidatesTokenCount: 0 },
    nanos: 750_000 + 50_000,
  },
  {
    // (1,000 + 500) × $1.25.
    ...google,
    name: 'what tools brought stands beside the prompt',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 1_000, toolUsePromptTokenCount: 500, candidatesTokenCount: 0 },
    nanos: 1_875_000,
  },
  {
    // 700 × $0.30 + 50 × $1 + 150 cached sound × $0.10 + 100 × $0.30 for the image.
    ...google,
    name: 'sound has a rate of its own, from the cache too; an image costs what text costs',
    model: 'gemini-2.5-flash',
    usage: {
      promptTokenCount: 1_000,
      cachedContentTokenCount: 150,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 700 },
        { modality: 'AUDIO', tokenCount: 200 },
        { modality: 'IMAGE', tokenCount: 100 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 150 }],
      candidatesTokenCount: 0,
    },
    nanos: 210_000 + 50_000 + 15_000 + 30_000,
  },
  {
    ...google,
    name: 'a list with one price for all input prices sound exactly',
    model: 'gemini-2.5-pro',
    usage: {
      promptTokenCount: 100,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 100 }],
      candidatesTokenCount: 0,
    },
    nanos: 125_000,
  },
  {
    // 200,001 × $2.50 + 1,000 × $15.
    ...google,
    name: 'above 200,000 tokens the whole call costs the tier, its output too',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 200_001, candidatesTokenCount: 1_000 },
    nanos: 500_002_500 + 15_000_000,
  },
  {
    // 200,000 × $1.25 + 1,000 × $10.
    ...google,
    name: 'at 200,000 tokens it does not',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 200_000, candidatesTokenCount: 1_000 },
    nanos: 250_000_000 + 10_000_000,
  },
  {
    ...google,
    name: 'flex, as Vertex AI tells it',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 1_000, candidatesTokenCount: 0, trafficType: 'ON_DEMAND_FLEX' },
    nanos: 625_000,
  },
  {
    // $35 per thousand replies, whatever was asked for one; some of them are free, which nothing shows.
    ...google,
    name: 'older models bill a reply that searched, however often it did',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 1_000, candidatesTokenCount: 0 },
    beside: { groundingMetadata: { webSearchQueries: ['a', 'b', ''] } },
    nanos: 1_250_000 + 35_000_000,
    label: 'estimated',
  },
  {
    // 1,000 × $2; two questions × $14 per thousand. An empty question is none.
    ...google,
    name: 'newer models bill every question',
    model: 'gemini-3-pro-preview',
    usage: { promptTokenCount: 1_000, candidatesTokenCount: 0 },
    beside: { groundingMetadata: { webSearchQueries: ['a', 'b', ''] } },
    nanos: 2_000_000 + 28_000_000,
    label: 'estimated',
  },
  {
    ...google,
    name: 'pictures that a model makes have their own rate',
    model: 'gemini-2.5-flash-image',
    usage: {
      promptTokenCount: 0,
      candidatesTokenCount: 1_290,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1_290 }],
    },
    nanos: 38_700_000,
  },
];

const chat = { dialect: 'openai-chat' } as const;

export const OTHER_CASES: CostCase[] = [
  {
    // 1,000 × $3.30 + 2,000 × $0.33 + 4,000 × $4.125 + 100 × $16.50.
    name: 'Bedrock: the cache stands beside the input',
    provider: 'bedrock',
    model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    dialect: 'bedrock-converse',
    usage: {
      inputTokens: 1_000,
      cacheReadInputTokens: 2_000,
      cacheWriteInputTokens: 4_000,
      outputTokens: 100,
      totalTokens: 7_100,
    },
    nanos: 3_300_000 + 660_000 + 16_500_000 + 1_650_000,
  },
  {
    name: 'Bedrock: flex is half, on most models’ lists',
    provider: 'bedrock',
    model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    dialect: 'bedrock-converse',
    usage: { inputTokens: 1_000, outputTokens: 0 },
    beside: { serviceTier: { type: 'flex' } },
    nanos: 1_650_000,
    label: 'estimated',
  },
  {
    // 300 × $0.27 + 700 × $0.07 + 100 × $1.10, at noon.
    ...chat,
    name: 'DeepSeek: hits and misses are parts of the prompt',
    provider: 'deepseek',
    model: 'deepseek-chat',
    usage: {
      prompt_tokens: 1_000,
      prompt_cache_hit_tokens: 700,
      prompt_cache_miss_tokens: 300,
      completion_tokens: 100,
      total_tokens: 1_100,
    },
    nanos: 81_000 + 49_000 + 110_000,
  },
  {
    // Its total gives it away: 100 × $0.30 + (50 + 400) × $0.50.
    ...chat,
    name: 'xAI: reasoning beside the completion is added',
    provider: 'xai',
    model: 'grok-3-mini',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 550,
      completion_tokens_details: { reasoning_tokens: 400 },
    },
    nanos: 30_000 + 225_000,
  },
  {
    ...chat,
    name: 'xAI: reasoning inside the completion is not added',
    provider: 'xai',
    model: 'grok-3-mini',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 450,
      total_tokens: 550,
      completion_tokens_details: { reasoning_tokens: 400 },
    },
    nanos: 30_000 + 225_000,
  },
  {
    // 100 × $3 + 3 searches × $5 per thousand.
    name: 'xAI: its tools are told as figures',
    provider: 'xai',
    model: 'grok-4',
    dialect: 'openai-responses',
    usage: {
      input_tokens: 100,
      output_tokens: 0,
      server_side_tool_usage_details: { web_search_calls: 1, x_search_calls: 2, mcp_calls: 4 },
    },
    nanos: 300_000 + 15_000_000,
  },
  {
    ...chat,
    name: 'Mistral: plain',
    provider: 'mistral',
    model: 'mistral-large-latest',
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
    nanos: 2_000_000 + 600_000,
  },
  {
    ...chat,
    name: 'Groq: its name for the default queue, and flex at the same price',
    provider: 'groq',
    model: 'llama-3.3-70b-versatile',
    usage: { prompt_tokens: 1_000, completion_tokens: 100, prompt_time: 0.01 },
    beside: { service_tier: 'on_demand' },
    nanos: 590_000 + 79_000,
  },
  {
    // 1,000 × $3 + 6,000 × $0.30 + 3,000 × $3.75 + 100 × $15.
    ...chat,
    name: 'a gateway before Claude: the cache in Anthropic’s words, inside OpenAI’s prompt',
    provider: 'openrouter',
    model: 'anthropic/claude-sonnet-4.5',
    usage: {
      prompt_tokens: 10_000,
      completion_tokens: 100,
      cache_read_input_tokens: 6_000,
      cache_creation_input_tokens: 3_000,
    },
    nanos: 3_000_000 + 1_800_000 + 11_250_000 + 1_500_000,
  },
  {
    // 100 × $1 + 50 × $1, and a fee of $12 per thousand that depends on what the list does not tell.
    ...chat,
    name: 'Perplexity: a fee for each request',
    provider: 'perplexity',
    model: 'sonar',
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
    nanos: 150_000 + 12_000_000,
    label: 'estimated',
  },
];
