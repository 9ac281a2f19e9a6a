import { idleTracer } from './idle-tracer.ts';
import type { Tracer } from './tracer.ts';

/** Kept on the global object, because an app may load this package twice: as a module and by `require`. */
const CELL = Symbol.for('tokentrace.default');

type Cell = { [CELL]?: Tracer | undefined };

/** The tracer of `init`, looked up at every use: a client may be wrapped before `init` was called. */
export function defaultTracer(): Tracer {
  const current = (): Tracer => findDefaultTracer() ?? idleTracer;
  return {
    startSpan: (start) => current().startSpan(start),
    trace: (name, fn, options) => current().trace(name, fn, options),
    span: (name, fn, options) => current().span(name, fn, options),
    generation: (start) => current().generation(start),
    score: (score) => current().score(score),
    tag: ((tags: Parameters<Tracer['tag']>[0], fn: () => unknown) =>
      current().tag(tags, fn)) as Tracer['tag'],
    currentTraceparent: () => current().currentTraceparent(),
    withTraceparent: (header, fn) => current().withTraceparent(header, fn),
    flush: (options) => current().flush(options),
    shutdown: (options) => current().shutdown(options),
    stats: () => current().stats(),
    reportFault: (fault) => current().reportFault?.(fault),
  };
}

export function findDefaultTracer(): Tracer | undefined {
  return (globalThis as Cell)[CELL];
}

export function setDefaultTracer(tracer: Tracer | undefined): void {
  (globalThis as Cell)[CELL] = tracer;
}
