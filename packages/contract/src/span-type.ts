import { z } from 'zod';

/** What a span is. Only `generation`, `embedding` and the like can be calls of a model; the others hold them together. */
export const SpanType = z.enum([
  'generation',
  'embedding',
  'image',
  'audio',
  'moderation',
  'rerank',
  'agent',
  'chain',
  'tool',
  'retriever',
  'guardrail',
  'evaluator',
  'event',
  'span',
]);
export type SpanType = z.infer<typeof SpanType>;

/** How many of each type of private value a sender took out before it sent: `{"EMAIL": 2}`. */
export const Redactions = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/), z.int().min(0));
export type Redactions = z.infer<typeof Redactions>;
