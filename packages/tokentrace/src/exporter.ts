import type { DropCounts } from './drop-counts.ts';
import {
  type BatchHead,
  type Bytes,
  type EncodedBody,
  encodeBatch,
  encodeBody,
  writeBatch,
} from './encode-batch.ts';
import type { ErrorReport } from './error-report.ts';
import { countOf, emptyPending, type Outbox, type Pending } from './outbox.ts';
import type { RetryPlan } from './retry-plan.ts';
import type { Delivery } from './send-body.ts';
import type { Spool } from './spool.ts';

export type ExporterDeps = {
  outbox: Outbox;
  drops: DropCounts;
  retry: RetryPlan;
  head: BatchHead;
  send(body: EncodedBody, stop: AbortSignal): Promise<Delivery>;
  spool: Spool | undefined;
  report(error: ErrorReport): void;
};

export type Exporter = {
  /** Sends what waits until nothing does or an attempt failed. True: nothing waits. Only one runs at a time. */
  drain(): Promise<boolean>;
  /** Ends the attempt that is under way. */
  abort(): void;
  /** What waits goes to the spool, or else is counted as lost. Synchronous, for the moment of exit. */
  giveUp(): void;
  accepted(): number;
};

const ATTEMPTS_MAX = 8;

/** Delivers what the outbox holds, batch by batch, and accounts for what cannot be delivered. */
export function createExporter(deps: ExporterDeps): Exporter {
  let accepted = 0;
  let running: Promise<boolean> | undefined;
  let stop = new AbortController();
  const account = (delivery: Delivery): void => {
    if (delivery.kind === 'delivered') accepted += delivery.accepted;
  };
  const send = async (content: string | Bytes): Promise<Delivery> => {
    const delivery = await deps.send(await encodeBody(content), stop.signal);
    account(delivery);
    return delivery;
  };

  async function run(): Promise<boolean> {
    for (let isFirst = true; ; isFirst = false) {
      const pending = await deps.outbox.next();
      if (pending !== undefined) {
        if (!(await deliver(deps, pending, send))) return false;
        continue;
      }
      // Losses are told even when nothing else is left to tell, but not to a server that refuses what it is told.
      const isReport = isFirst && deps.drops.untold() !== undefined;
      if (isReport && !(await deliver(deps, emptyPending(), send))) return false;
      return replaySpool(deps, send);
    }
  }

  return {
    drain() {
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    abort() {
      stop.abort();
      stop = new AbortController();
    },
    giveUp() {
      const { batches, unsealed } = deps.outbox.takeAll(deps.spool !== undefined);
      for (const pending of batches) keepOrLose(deps, pending);
      if (unsealed > 0) lose(deps, 'unreachable', { count: unsealed, why: 'the process ended' });
    },
    accepted: () => accepted,
  };
}

type Send = (content: string | Bytes) => Promise<Delivery>;

/** False when there is to be no further attempt for now. */
async function deliver(deps: ExporterDeps, pending: Pending, send: Send): Promise<boolean> {
  const { outbox, drops, retry } = deps;
  const dropped = drops.untold();
  const delivery = await send(encodeBatch(deps.head, pending.batch, dropped));
  if (delivery.kind === 'retry') return postpone(deps, pending, delivery);
  retry.succeeded();
  if (delivery.kind === 'too_large') {
    if (outbox.halve()) return true;
    lose(deps, 'too_large', { count: countOf(pending), why: 'the server takes no body of this size' });
  }
  if (delivery.kind === 'delivered') {
    drops.told(dropped ?? {});
    lose(deps, 'rejected', { count: delivery.rejected, why: delivery.reason ?? '' });
  }
  if (delivery.kind === 'refused') {
    if (delivery.isKeyRefused) retry.rest();
    if (countOf(pending) === 0) deps.report({ code: 'rejected', message: `status ${delivery.status}` });
    lose(deps, 'rejected', { count: countOf(pending), why: `status ${delivery.status}` });
  }
  outbox.shift();
  return delivery.kind !== 'refused' || !delivery.isKeyRefused;
}

function postpone(
  deps: ExporterDeps,
  pending: Pending,
  { status, afterMs }: { status: number; afterMs?: number },
): boolean {
  pending.attempts += 1;
  deps.retry.failed(afterMs);
  deps.report({ code: 'unreachable', message: `the server did not take a batch (status ${status})` });
  if (pending.attempts >= ATTEMPTS_MAX) {
    deps.outbox.shift();
    keepOrLose(deps, pending);
  }
  return false;
}

/** What an earlier run of the app, or an outage, left on the disk. */
async function replaySpool({ spool, retry, report }: ExporterDeps, send: Send): Promise<boolean> {
  for (let taken = spool?.take(); taken !== undefined; taken = spool?.take()) {
    const delivery = await send(taken.text);
    if (delivery.kind === 'retry') {
      taken.putBack();
      retry.failed(delivery.afterMs);
      return false;
    }
    taken.remove();
    if (delivery.kind !== 'delivered')
      report({ code: 'rejected', message: 'the server refused a batch of the spool' });
  }
  return true;
}

function keepOrLose(deps: ExporterDeps, pending: Pending): void {
  if (countOf(pending) === 0) return;
  if (deps.spool?.write(writeBatch(deps.head, pending.batch, undefined))) return;
  lose(deps, 'unreachable', { count: countOf(pending), why: 'the server did not answer' });
}

function lose(
  { drops, report }: ExporterDeps,
  reason: 'rejected' | 'too_large' | 'unreachable',
  { count, why }: { count: number; why: string },
): void {
  if (count === 0) return;
  drops.add(reason, count);
  report({ code: reason, message: `${count} spans or scores were lost: ${why}` });
}
