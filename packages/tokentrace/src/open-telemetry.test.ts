import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IngestServer, openIngestServer } from '../test/open-ingest-server.ts';
import { openTestTracer } from '../test/open-test-tracer.ts';

/** The key that OpenTelemetry's own exporters and instrumentations look at before they record. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const isSuppressed = (): boolean => context.active().getValue(SUPPRESS) === true;

const theirs = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const within = <T>(fn: () => T): T =>
  context.with(trace.setSpan(context.active(), trace.wrapSpanContext(theirs)), fn);

let server: IngestServer;
beforeEach(async () => {
  server = await openIngestServer();
  context.setGlobalContextManager(createContextManager());
});
afterEach(async () => {
  context.disable();
  await server.close();
});

test('the current span of the app’s OpenTelemetry is the parent only where that was asked for', async () => {
  const linked = openTestTracer({ endpoint: server.endpoint, linkOpenTelemetry: true }).tracer;
  const apart = openTestTracer({ endpoint: server.endpoint }).tracer;
  within(() => linked.span('linked', () => linked.span('below', () => {})));
  within(() => apart.span('apart', () => {}));
  linked.span('outside', () => {});
  await linked.flush();
  await apart.flush();
  const [below, one, outside, other] = server.spans();
  expect(one).toMatchObject({ trace_id: theirs.traceId, parent_span_id: theirs.spanId });
  expect(below).toMatchObject({ trace_id: theirs.traceId, parent_span_id: one?.span_id });
  for (const span of [outside, other]) expect(span?.trace_id).not.toBe(theirs.traceId);
});

test('the app’s OpenTelemetry is told to record nothing of our own requests', async () => {
  const seen: boolean[] = [];
  const { tracer } = openTestTracer({
    endpoint: server.endpoint,
    fetch: (...request) => {
      seen.push(isSuppressed());
      return fetch(...request);
    },
  });
  tracer.span('one', () => {});
  await tracer.flush();
  expect(seen).toEqual([true]);
  expect(isSuppressed()).toBe(false);
});

function createContextManager(): ContextManager {
  const store = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => store.getStore() ?? ROOT_CONTEXT,
    with: (active, ...[fn, that, ...args]) => store.run(active, () => fn.apply(that, args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
