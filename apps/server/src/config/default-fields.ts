import { z } from 'zod';
import { count, from0, modelName } from './field-kinds.ts';

/** What holds where nothing else is said. */
export const Defaults = z.strictObject({
  model_order: z
    .array(modelName)
    .max(100)
    .default([])
    .describe(
      'Models tried in this order when a call names none. Default: every configured model in file order.',
    ),
  requests_per_minute: count(10_000_000).default(6_000).describe('Limit of a new key.'),
  concurrency: count(100_000).default(256).describe('Calls in flight at once, limit of a new key.'),
  capture: z
    .enum(['full', 'redacted', 'metadata'])
    .default('full')
    .describe(
      'What the first project records: content, content without private values, or tokens, cost and timing only.',
    ),
  organizations_created_by: z
    .enum(['owners', 'everyone'], { error: 'must be owners or everyone' })
    .default('owners')
    .describe('Who may make organizations: people who own one already, or everybody who is signed in.'),
  first_byte_timeout_seconds: count(3_600).default(60).describe('Wait for the first byte of a stream.'),
  whole_reply_timeout_seconds: count(3_600)
    .default(300)
    .describe('Wait for the first byte of a whole reply, which comes when the model has finished.'),
  idle_timeout_seconds: count(3_600).default(120).describe('Longest silence in the middle of a reply.'),
  total_timeout_seconds: count(86_400).default(600).describe('Longest whole call.'),
  held_wait_seconds: from0(60)
    .default(5)
    .describe('How long a call waits for what others under way hold of a budget; 0 refuses at once.'),
  background_timeout_seconds: count(86_400)
    .default(3_600)
    .describe('Longest call that runs without its caller (`background: true` on /v1/responses).'),
  store_responses: z
    .boolean()
    .default(true)
    .describe('Whether /v1/responses keeps a reply of a call that does not say `store`.'),
  shared_provider_objects: z
    .boolean()
    .default(false)
    .describe(
      'Whether calls may name what a provider account keeps beside files (vector stores, containers, caches, prompts, buckets): every project then reaches what all projects have there.',
    ),
  when_counters_are_away: z
    .enum(['open', 'closed'], { error: 'is neither "open" nor "closed"' })
    .default('open')
    .describe(
      'What happens to limited calls while REDIS_URL does not answer: `open` gives each server its share of what is left; `closed` refuses them with 503.',
    ),
  counters_timeout_ms: count(10_000)
    .default(100)
    .describe('Longest wait for the counters at REDIS_URL, in milliseconds; a later answer counts as none.'),
  counters_lease_seconds: count(600)
    .min(5)
    .default(30)
    .describe('How long what a server holds at REDIS_URL is kept after its last sign of life.'),
  known_provider_keys: z
    .boolean()
    .default(true)
    .describe(
      'Whether an organization can store keys for known providers that are not listed under `providers`, and call them.',
    ),
  secret_refresh_seconds: count(86_400)
    .default(300)
    .describe('How often secrets of `secret_refs` are read again, give or take a fifth.'),
  attempts: count(20).default(4).describe('Providers tried for one call before its first part.'),
  batches_beyond_limits: z
    .boolean()
    .default(false)
    .describe(
      'Whether batches, which are counted when they end, may begin where tokens or money are limited.',
    ),
  body_bytes: count(500_000_000).default(20_000_000).describe('Largest request body.'),
  upload_bytes: count(500_000_000)
    .default(32_000_000)
    .describe('Largest form with files in it; it is held in memory, twice, until its call is over.'),
  spool_bytes: count(1_000_000_000_000)
    .default(2_147_483_648)
    .describe('Disk that traces may take while the trace store is away.'),
});
