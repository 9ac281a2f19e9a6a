import { z } from 'zod';

/** Money in US dollars, rates in percent, latencies in milliseconds, the others as counts. */
export const AlertMetric = z.enum([
  'spend',
  'calls',
  'tokens',
  'error_rate',
  'refusal_rate',
  'latency_p50',
  'latency_p95',
  'latency_p99',
  'ttft_p95',
  /** A key is used from a /24 (IPv4) or /48 (IPv6) that it was never used from. */
  'new_address',
  'audit_event',
  /** Something is unusual; see anomalies. */
  'anomaly',
]);
export type AlertMetric = z.infer<typeof AlertMetric>;

/** What is counted alone, each for itself: an alert per key, user or model. */
export const AlertPer = z.enum(['all', 'key', 'user', 'model']);
export type AlertPer = z.infer<typeof AlertPer>;

export const AlertScope = z.strictObject({
  key_id: z.string().min(1).max(64).optional(),
  user: z.string().min(1).max(256).optional(),
  model: z.string().min(1).max(200).optional(),
  provider: z.string().min(1).max(64).optional(),
});
export type AlertScope = z.infer<typeof AlertScope>;

export const AlertState = z.enum(['ok', 'firing', 'no_data', 'paused']);
export type AlertState = z.infer<typeof AlertState>;

const shared = {
  name: z.string().trim().min(1).max(128),
  metric: AlertMetric,
  scope: AlertScope,
  per: AlertPer,
  direction: z.enum(['above', 'below']),
  /** Null where the metric needs none. */
  threshold: z.number().nullable(),
  window_minutes: z.int().min(1).max(43_200),
  /** Rates and latencies of fewer calls than this say nothing. */
  calls_min: z.int().min(1).max(1_000_000),
  /** At least so long between two messages about the same subject. */
  cooldown_minutes: z.int().min(1).max(43_200),
  severity: z.enum(['info', 'warning', 'critical']),
  destinations: z.array(z.string().min(1).max(64)).max(20),
  /** For `audit_event`: which; empty for all. */
  actions: z.array(z.string().min(1).max(64)).max(60),
  enabled: z.boolean(),
};

/** A rule, with how it stands. */
export const Alert = z.object({
  id: z.string(),
  /** Null for one of the whole organization. */
  project_id: z.string().nullable(),
  ...shared,
  state: AlertState,
  state_since: z.iso.datetime(),
  /** Those that fire now, worst first: a key, a user, a model; one empty subject for `all`. */
  firing: z.array(z.object({ subject: z.string(), value: z.number(), since: z.iso.datetime() })),
  /** What it measured last, of everything in its scope. */
  value: z.number().nullable(),
  checked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;
export const AlertList = z.object({ data: z.array(Alert), next_cursor: z.string().nullable() });
export type AlertList = z.infer<typeof AlertList>;
export const NewAlert = z.strictObject({
  ...shared,
  scope: AlertScope.default({}),
  per: AlertPer.default('all'),
  direction: z.enum(['above', 'below']).default('above'),
  threshold: z.number().nonnegative().optional(),
  window_minutes: shared.window_minutes.default(60),
  calls_min: shared.calls_min.default(20),
  cooldown_minutes: shared.cooldown_minutes.default(60),
  severity: shared.severity.default('warning'),
  destinations: shared.destinations.default([]),
  actions: shared.actions.default([]),
  enabled: z.boolean().default(true),
});
export type NewAlert = z.input<typeof NewAlert>;
export const AlertChange = z.strictObject({
  name: shared.name.optional(),
  scope: AlertScope.optional(),
  per: AlertPer.optional(),
  direction: z.enum(['above', 'below']).optional(),
  threshold: z.number().nonnegative().optional(),
  window_minutes: shared.window_minutes.optional(),
  calls_min: shared.calls_min.optional(),
  cooldown_minutes: shared.cooldown_minutes.optional(),
  severity: shared.severity.optional(),
  destinations: shared.destinations.optional(),
  actions: shared.actions.optional(),
  enabled: z.boolean().optional(),
});
export type AlertChange = z.infer<typeof AlertChange>;

/** One change of state, with what was sent about it. */
export const AlertEvent = z.object({
  id: z.string(),
  alert_id: z.string(),
  alert_name: z.string(),
  metric: AlertMetric,
  severity: z.enum(['info', 'warning', 'critical']),
  subject: z.string(),
  state: z.enum(['firing', 'resolved']),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  at: z.iso.datetime(),
  /** In words, with the figures. */
  explanation: z.string(),
  deliveries: z.array(
    z.object({ destination: z.string(), name: z.string(), ok: z.boolean(), error: z.string().nullable() }),
  ),
});
export type AlertEvent = z.infer<typeof AlertEvent>;
export const AlertEventList = z.object({ data: z.array(AlertEvent), next_cursor: z.string().nullable() });
export type AlertEventList = z.infer<typeof AlertEventList>;
export const AlertEventSearch = z.strictObject({
  alert: z.string().min(1).max(64).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AlertEventSearch = z.infer<typeof AlertEventSearch>;

/** Something that is not as usual, with what usual is. */
export const Anomaly = z.object({
  id: z.string(),
  project_id: z.string(),
  metric: z.enum(['spend', 'errors', 'calls', 'latency']),
  subject: z.object({ kind: z.enum(['project', 'key', 'user', 'model']), id: z.string(), name: z.string() }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** In the metric's unit: US dollars, percent of calls, calls, milliseconds. */
  value: z.number(),
  /** What was to be expected: the middle, and between which bounds it usually lies. */
  expected: z.object({ low: z.number(), middle: z.number(), high: z.number() }),
  /** How many usual deviations away from the middle. */
  score: z.number(),
  /** How the expectation came about, and of how many earlier periods. */
  basis: z.string(),
  explanation: z.string(),
  /** What had the largest part in it. */
  contributors: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string(), value: z.number() })),
  /** The values of the periods before it, oldest first, for a drawing. */
  history: z.array(z.number()),
  state: z.enum(['open', 'over', 'acknowledged']),
  acknowledged_by: z.string().nullable(),
});
export type Anomaly = z.infer<typeof Anomaly>;
export const AnomalyList = z.object({ data: z.array(Anomaly), next_cursor: z.string().nullable() });
export type AnomalyList = z.infer<typeof AnomalyList>;
export const AnomalySearch = z.strictObject({
  state: z.enum(['open', 'over', 'acknowledged']).optional(),
  metric: z.enum(['spend', 'errors', 'calls', 'latency']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AnomalySearch = z.infer<typeof AnomalySearch>;
