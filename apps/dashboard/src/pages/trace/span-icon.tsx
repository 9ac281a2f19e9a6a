import type { SpanType } from '@app/contract';
import {
  AudioLines,
  Binary,
  Bot,
  Circle,
  Flag,
  Image,
  Link,
  ListOrdered,
  type LucideIcon,
  ScanSearch,
  ShieldCheck,
  Sparkles,
  Star,
  Wrench,
} from 'lucide-react';

const icons: Record<SpanType, LucideIcon> = {
  generation: Sparkles,
  embedding: Binary,
  image: Image,
  audio: AudioLines,
  moderation: ShieldCheck,
  rerank: ListOrdered,
  agent: Bot,
  chain: Link,
  tool: Wrench,
  retriever: ScanSearch,
  guardrail: ShieldCheck,
  evaluator: Star,
  event: Flag,
  span: Circle,
};

/** What a span is, as a picture; its name says it to those who cannot see it. */
export function SpanIcon({ type, isFailed }: { type: SpanType; isFailed: boolean }) {
  const Icon = icons[type];
  const colour = isFailed ? 'text-bad' : type === 'generation' ? 'text-accent-strong' : 'text-soft';
  return <Icon role="img" aria-label={type} className={`size-4 shrink-0 ${colour}`} />;
}
