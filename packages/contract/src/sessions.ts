import { z } from 'zod';
import { Money } from './money.ts';

/** A stretch of time: a range that ends now, or from and to. Without either, the last 7 days. */
const stretch = {
  range: z.enum(['1h', '24h', '7d', '30d']).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
};
const page = {
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
export const StretchSearch = z.strictObject({
  ...stretch,
  ...page,
  /** A piece of the id or the name. */
  search: z.string().max(200).optional(),
  environment: z.string().max(64).optional(),
  filter: z.string().max(4_000).optional(),
});
export type StretchSearch = z.infer<typeof StretchSearch>;

const totals = {
  traces: z.int(),
  calls: z.int(),
  failed: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: Money,
  first_at: z.iso.datetime(),
  last_at: z.iso.datetime(),
};

export const SessionSummary = z.object({
  id: z.string(),
  ...totals,
  users: z.array(z.string()),
  environment: z.string(),
  /** The first message of the session and the last reply, shortened. */
  input_preview: z.string(),
  output_preview: z.string(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;
export const SessionList = z.object({ data: z.array(SessionSummary), next_cursor: z.string().nullable() });
export type SessionList = z.infer<typeof SessionList>;

export const UserSummary = z.object({ id: z.string(), ...totals, sessions: z.int() });
export type UserSummary = z.infer<typeof UserSummary>;
export const UserList = z.object({ data: z.array(UserSummary), next_cursor: z.string().nullable() });
export type UserList = z.infer<typeof UserList>;

/** A prompt: what a caller named so, or else calls with the same system prompt. */
export const PromptSummary = z.object({
  /** `name:<name>` or `digest:<digest of the system prompt>`. */
  id: z.string(),
  name: z.string().nullable(),
  ...totals,
  versions: z.int(),
  latency_p50_ms: z.number(),
  latency_p95_ms: z.number(),
  /** The beginning of the system prompt; empty when content is not captured. */
  preview: z.string(),
  models: z.array(z.string()),
});
export type PromptSummary = z.infer<typeof PromptSummary>;
export const PromptList = z.object({ data: z.array(PromptSummary), next_cursor: z.string().nullable() });
export type PromptList = z.infer<typeof PromptList>;

/** One version of a prompt: the version its caller named, or the digest of its system prompt. */
export const PromptVersion = PromptSummary.omit({ versions: true, id: true, name: true }).extend({
  version: z.string(),
  digest: z.string(),
});
export const PromptDetails = z.object({ prompt: PromptSummary, versions: z.array(PromptVersion) });
export type PromptDetails = z.infer<typeof PromptDetails>;
