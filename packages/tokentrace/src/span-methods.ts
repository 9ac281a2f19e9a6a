import { quietly } from './quietly.ts';
import type { Scope, Scopes } from './scopes.ts';
import type { SpanRecorder } from './span-recorder.ts';
import { readTraceparent, writeTraceparent } from './traceparent.ts';
import type { Span, SpanOptions, Tags, Tracer } from './tracer.ts';
import { addLabels } from './write-fields.ts';

export type MethodDeps = {
  recorder: SpanRecorder;
  scopes: Scopes;
  isSampled(traceId: string): boolean;
  labelBytesMax: number;
  onFault(fault: unknown): void;
};

/** The part of a tracer that the app's own code runs in. */
export type SpanMethods = Pick<
  Tracer,
  'startSpan' | 'trace' | 'span' | 'generation' | 'tag' | 'currentTraceparent' | 'withTraceparent'
>;

export function createSpanMethods(deps: MethodDeps): SpanMethods {
  const { recorder, scopes, onFault } = deps;

  function watch<T>(name: string, fn: (span: Span) => T, options: SpanOptions): T {
    const span = recorder.start({ ...options, name });
    return scopes.run(recorder.scopeOf(span), () => settle(span, fn));
  }

  function label(scope: Scope, tags: Tags): void {
    scope.labels = addLabels(scope.labels, tags, { bytes: deps.labelBytesMax });
  }

  function tag<T>(tags: Tags, fn?: () => T): T | undefined {
    const current = scopes.current();
    if (fn === undefined) {
      const scope = current ?? { span: undefined, labels: {} };
      quietly(() => label(scope, tags), onFault);
      if (current === undefined) scopes.enter(scope);
      return undefined;
    }
    const inner: Scope = { span: current?.span, labels: current?.labels ?? {} };
    quietly(() => label(inner, tags), onFault);
    return scopes.run(inner, fn);
  }

  return {
    startSpan: (start) => recorder.start(start),
    trace: (name, fn, options) => {
      const isBelowRemote = scopes.current()?.isRemote === true;
      return watch(name, fn, { ...(!isBelowRemote && { parent: null }), ...options });
    },
    span: (name, fn, options) => watch(name, fn, options ?? {}),
    generation: (start) =>
      recorder.start({ type: 'generation', ...start, name: start.name ?? start.modelAsked ?? 'generation' }),
    tag: tag as Tracer['tag'],
    currentTraceparent() {
      const span = scopes.current()?.span;
      return span && writeTraceparent(span, deps.isSampled(span.traceId));
    },
    withTraceparent(header, fn) {
      const span = readTraceparent(header);
      if (span === undefined) return fn();
      return scopes.run({ span, labels: scopes.current()?.labels ?? {}, isRemote: true }, fn);
    },
  };
}

/** Ends the span with what becomes of `fn`, whose result or error goes on as it is. */
function settle<T>(span: Span, fn: (span: Span) => T): T {
  let result: T;
  try {
    result = fn(span);
  } catch (error) {
    span.fail(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // The promise that comes back is the one that was watched, so that a rejection nobody handles is still seen.
  return result.then(
    (value: unknown) => {
      span.end();
      return value;
    },
    (error: unknown) => {
      span.fail(error);
      throw error;
    },
  ) as T;
}
