import { createDropCounts } from './drop-counts.ts';
import type { BatchHead } from './encode-batch.ts';
import type { ErrorReport } from './error-report.ts';
import { createExporter, type ExporterDeps } from './exporter.ts';
import { createFlusher } from './flusher.ts';
import { createIds } from './ids.ts';
import { hiddenFromOtel } from './open-telemetry.ts';
import { createOutbox } from './outbox.ts';
import { createOutgoingGate, type OutgoingGate } from './outgoing-gate.ts';
import type { Settings } from './read-options.ts';
import { createRecordQueue, type Recorded } from './record-queue.ts';
import { createRetryPlan } from './retry-plan.ts';
import { sendBody } from './send-body.ts';
import { openSpool, type Spool } from './spool.ts';
import type { Stats } from './tracer.ts';
import type { TracerHost } from './tracer-host.ts';
import type { TracerOptions } from './tracer-options.ts';
import { SDK_NAME, SDK_VERSION } from './version.ts';
import { findWaitUntil } from './wait-until.ts';

export type DeliveryDeps = {
  options: TracerOptions;
  settings: Settings;
  target: { url: string; apiKey: string };
  host: TracerHost;
  report(error: ErrorReport): void;
};

/** Where records go when they are made. */
export type Delivery = {
  push(record: Recorded, bytes: number): void;
  sampledOut(): void;
  flush(timeoutMs: number): Promise<boolean>;
  /** For the moment of exit: ends what is under way, keeps or counts what is left. */
  giveUp(): void;
  stats(): Stats;
};

const REDACT_TIMEOUT_MS = 5_000;

/** Puts together the queue, the gate and what sends. */
export function openDelivery(deps: DeliveryDeps): Delivery {
  const { settings, host, report } = deps;
  const queue = createRecordQueue(settings.queueBytesMax);
  const drops = createDropCounts();
  const detached = openDetached(host);
  const gate = openGate(deps, () => drops.add('redaction_failed', 1));
  const outbox = createOutbox({ queue, gate, pause: host.pause, batchBytes: settings.batchBytes });
  const retry = createRetryPlan({ clock: host.clock, random: host.chance });
  const exporter = createExporter({
    ...{ outbox, drops, retry, report },
    head: gate.sealHead(headOf(deps.options)),
    send: openSend(deps),
    spool: openOwnSpool(deps),
  });
  const flusher = createFlusher({
    ...{ exporter, retry, queue, detached, clock: host.clock, schedule: host.schedule, hold: host.hold },
    mode: settings.flushMode,
    intervalMs: settings.flushIntervalMs,
    batchBytes: settings.batchBytes,
    findWaitUntil: () => deps.options.waitUntil ?? findWaitUntil(),
  });
  let recorded = 0;

  return {
    push(record, bytes) {
      // What is being sent is still held, so that it counts.
      const isFull = outbox.bytes() + queue.bytes() + bytes > settings.queueBytesMax;
      if (isFull || !queue.push(record, bytes)) {
        drops.add('queue_full', 1);
        report({ code: 'queue_full', message: 'the queue of spans is full; new ones are dropped' });
        return;
      }
      recorded += 1;
      flusher.wake();
    },
    sampledOut: () => drops.add('sampled', 1),
    flush: flusher.flush,
    giveUp() {
      flusher.stop();
      exporter.abort();
      exporter.giveUp();
    },
    stats: () => ({
      recorded,
      accepted: exporter.accepted(),
      dropped: drops.total(),
      queued: queue.length() + outbox.count(),
      queuedBytes: queue.bytes() + outbox.bytes(),
    }),
  };
}

function openGate(deps: DeliveryDeps, onLost: () => void): OutgoingGate {
  const { options, settings, target, host, report } = deps;
  return createOutgoingGate({
    conceal: { inputs: options.redactInputs === true, outputs: options.redactOutputs === true },
    redact: options.redact,
    redactors: settings.pii && host.createRedactors(settings.pii, target.apiKey),
    withinTime: (promise) =>
      new Promise((resolve, reject) => {
        const callOff = host.hold(REDACT_TIMEOUT_MS, () => reject(new Error('redact takes too long')));
        promise.then(resolve, reject).finally(callOff);
      }),
    onFailed() {
      onLost();
      report({ code: 'redaction_failed', message: 'a span could not be redacted; its words were not sent' });
    },
  });
}

function openSend({ options, settings, target, host }: DeliveryDeps): ExporterDeps['send'] {
  const sendDeps = {
    ...target,
    fetch: options.fetch ?? host.fetch,
    schedule: host.schedule,
    nowMs: host.clock.nowMs,
    timeoutMs: settings.requestTimeoutMs,
  };
  return (body, stop) => hiddenFromOtel(() => sendBody(sendDeps, body, stop));
}

function openOwnSpool({ options, host, report }: DeliveryDeps): Spool | undefined {
  if (options.spool === undefined) return undefined;
  const ids = createIds(host.random);
  return openSpool(options.spool, { nowMs: host.clock.nowMs, nextId: ids.spanId, report });
}

/** What a request's context holds must neither be kept alive by our timers nor see our requests as its own. */
function openDetached({ AsyncStore }: TracerHost): <T>(fn: () => T) => T {
  return AsyncStore?.snapshot?.() ?? ((fn) => fn());
}

function headOf({ environment, release, service }: TracerOptions): BatchHead {
  return { sdk: { name: SDK_NAME, version: SDK_VERSION }, environment, release, service };
}
