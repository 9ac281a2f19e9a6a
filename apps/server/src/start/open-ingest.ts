import type { IngestStatus } from '@app/contract';
import { type Clock, createAuthenticate, type Schedule } from '@app/gateway';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { EdgeLimits } from '../http/edge-limits.ts';
import { createIngestCounts, type IngestCounts } from '../ingest/create-ingest-counts.ts';
import { createIngestRates } from '../ingest/create-ingest-rates.ts';
import { createTakeBatch } from '../ingest/create-take-batch.ts';
import { type IngestLimits, ingestDefaults } from '../ingest/ingest-limits.ts';
import { openIngestThread } from '../ingest/open-ingest-thread.ts';
import { ingestRoutes } from '../routes/ingest/ingest-routes.ts';
import type { ClosingStack } from './closing-stack.ts';
import { nameKeyOf } from './name-key-of.ts';
import type { Gateway } from './open-gateway.ts';
import type { OpenSecrets } from './open-secrets.ts';
import type { OpenTracing } from './open-tracing.ts';
import { readVersion } from './read-version.ts';

export type IngestDeps = {
  config: Pick<Config, 'file'>;
  digest: (text: string) => string;
  clock: Clock;
  schedule: Schedule;
  log: Logger;
  secrets: Pick<OpenSecrets, 'dataKeys'>;
  tracing: Pick<OpenTracing, 'appendBatch' | 'flushBatches' | 'status'>;
  gateway: Pick<Gateway, 'snapshot' | 'keyUsage' | 'noteRefused'>;
  edge: { limits: EdgeLimits; isHttps: boolean };
  onInternalError: (error: unknown, requestId: string) => void;
};

export type OpenIngest = {
  plugin: (app: FastifyInstance) => void;
  /** How far the trace store is behind, and what arrived for this project. */
  status: (projectId?: string) => IngestStatus;
};

/** From a batch on the wire to one on the disk: the thread that understands it, the counts, and the addresses. */
export function openIngest(deps: IngestDeps, stack: ClosingStack): OpenIngest {
  const { config, clock, schedule, log, tracing, gateway, edge } = deps;
  const { snapshot, keyUsage, noteRefused } = gateway;
  const { nowMs } = clock;
  const limits = limitsOf(config);
  const thread = openIngestThread({
    given: { limits, nameKey: nameKeyOf(deps.secrets) },
    batchMsMax: limits.batchMsMax,
    schedule,
    onDeath: (error) => log.error({ err: error }, 'A batch of spans could not be processed.'),
  });
  stack.add(thread.close);
  const counts = createIngestCounts();
  const rates = createIngestRates({ ...limits, nowMs });
  const takeBatch = createTakeBatch({
    thread,
    append: tracing.appendBatch,
    flush: tracing.flushBatches,
    rates,
    counts,
    nowMs,
  });
  const authenticate = createAuthenticate({ snapshot, digest: deps.digest, clock });
  const plugin = ingestRoutes({
    authenticate: (secret, presenting) => {
      const found = authenticate(secret, presenting);
      if (!found.ok) noteRefused();
      return found;
    },
    rates,
    takeBatch,
    bodyBytesMax: limits.bodyBytesMax,
    inFlightBytesMax: Math.max(limits.inFlightBytesMax, 4 * limits.bodyBytesMax),
    schedule,
    limits: edge.limits,
    isHttps: edge.isHttps,
    noteUse: keyUsage.note,
    onInternalError: deps.onInternalError,
    version: readVersion(),
  });
  return { plugin, status: (projectId) => ({ ...tracing.status(), ...statusOf(counts, projectId) }) };
}

function statusOf(counts: IngestCounts, projectId: string | undefined): Partial<IngestStatus> {
  if (projectId === undefined) return {};
  const { receivedSpans, rejectedSpans, dropped } = counts.read(projectId);
  return { received_spans: receivedSpans, rejected_spans: rejectedSpans, lost_by_senders: dropped };
}

function limitsOf({ file }: Pick<Config, 'file'>): IngestLimits {
  const { body_bytes, batch_bytes, in_flight_bytes, spans_per_minute, bytes_per_minute } = file.ingest;
  return {
    ...ingestDefaults,
    bodyBytesMax: body_bytes,
    batchBytesMax: batch_bytes,
    inFlightBytesMax: in_flight_bytes,
    spansPerMinuteMax: spans_per_minute,
    bytesPerMinuteMax: bytes_per_minute,
  };
}
