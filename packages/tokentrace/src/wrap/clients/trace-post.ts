import type { SpanFields, SpanStart } from '../../tracer.ts';
import { guard } from '../guard.ts';
import { observePromise } from '../observe-promise.ts';
import { type OpenCall, openCall } from '../open-call.ts';
import { objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import type { CallRoute, ClientSetup } from './call-route.ts';
import { findProvider } from './find-provider.ts';
import { propagatesTo } from './propagates-to.ts';
import { readForm } from './read-form.ts';
import { isUsageChunk, withStreamUsage } from './stream-usage.ts';
import { withTraceparent } from './with-traceparent.ts';

type Method = (...args: unknown[]) => unknown;

/**
 * Puts a `post` and a `withOptions` on this very client that look on at its calls. Every resource and helper of the
 * OpenAI and Anthropic clients (`parse`, `stream`, `runTools`) sends through `post`, so all of them are seen once and
 * none of them changes; the client keeps its identity, its class and its private fields.
 */
export function tracePost(client: object, post: Method, setup: ClientSetup): void {
  put(client, 'post', (...args) => {
    const route = setup.routes.get(pathOf(args[0]));
    const begun = route && beginCall({ client, route, setup, options: args[1] });
    if (!begun) return Reflect.apply(post, client, args);
    const { call, options, isHidden } = begun;
    let promise: unknown;
    try {
      promise = Reflect.apply(post, client, [args[0], options, ...args.slice(2)]);
    } catch (error) {
      call.fail(error);
      throw error;
    }
    guard(setup.onFault, () =>
      observePromise(promise, { call, forgotten: setup.forgotten, ...(isHidden && { isHidden }) }),
    );
    return promise;
  });
}

type Begun = { call: OpenCall; options: unknown; isHidden?: (event: unknown) => boolean };
type Beginning = { client: object; route: CallRoute; setup: ClientSetup; options: unknown };

function beginCall({ client, route, setup, options }: Beginning): Begun | undefined {
  const baseUrl = textIn(Reflect.get(client, 'baseURL'));
  const { tracer, onFault } = setup;
  const start = (): SpanStart & { name: string } => ({
    ...requestFields(options),
    name: route.name,
    type: route.type,
    dialect: route.dialect,
    provider: setup.options.provider ?? findProvider(baseUrl, setup.home),
  });
  const call = openCall({ tracer, onFault, start, openReader: route.openReader });
  if (!call) return undefined;
  guard(onFault, () => learnForm(options, call));
  return guard(onFault, () => prepare({ call, options, setup, baseUrl, route })) ?? { call, options };
}

type Preparing = Begun & { setup: ClientSetup; baseUrl: string | undefined; route: CallRoute };

function prepare({ call, options, setup, baseUrl, route }: Preparing): Begun {
  const isSent = setup.options.propagate ?? propagatesTo(baseUrl);
  const sent = isSent ? withTraceparent(options, call.span.traceparent()) : options;
  const asking = setup.options.streamUsage && route.name === 'chat.completions' && withStreamUsage(sent);
  return asking ? { call, options: asking, isHidden: isUsageChunk } : { call, options: sent };
}

function requestFields(options: unknown): SpanFields {
  const { body, stream } = objectOf(options);
  if (body === undefined) return {};
  const { model } = objectOf(body);
  return { modelAsked: textIn(model), stream: stream === true, input: snapshot(body) };
}

/** The options of an upload come later, with a form for a body. */
function learnForm(options: unknown, call: OpenCall): void {
  if (!(options instanceof Promise)) return;
  options.then(
    (known) => {
      const { stream } = objectOf(known);
      const fields = readForm(Reflect.get(Object(known), 'body'));
      call.learn({ input: fields, modelAsked: textIn(fields.model), stream: stream === true });
    },
    // The client itself says what is wrong with them.
    () => {},
  );
}

function pathOf(path: unknown): string {
  return typeof path === 'string' ? (path.split('?')[0] ?? '') : '';
}

function put(client: object, name: string, value: Method): void {
  Object.defineProperty(client, name, { value, configurable: true, writable: true, enumerable: false });
}
