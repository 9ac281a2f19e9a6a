import type { SpanStart } from '../../tracer.ts';
import { guard } from '../guard.ts';
import { observeStream } from '../observe-stream.ts';
import { type OpenCall, openCall } from '../open-call.ts';
import { isRecord, objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import type { CallRoute, ClientSetup } from './call-route.ts';
import { findProvider } from './find-provider.ts';
import { propagatesTo } from './propagates-to.ts';
import { traceOlderModel } from './trace-older-gemini.ts';
import { headersWith } from './with-traceparent.ts';

type Method = (...args: unknown[]) => unknown;

const MARK = Symbol.for('tokentrace.wrapped');

/**
 * Puts methods on the `models` of this very client that look on at its calls. Chats send through the same `models`. Where
 * the client has a method for each single request (`generateContentInternal`), that one is looked at, so that a reply that
 * took several requests is several calls.
 */
export function traceGemini<C extends object>(client: C, setup: ClientSetup): C {
  guard(setup.onFault, () => {
    const models: unknown = Reflect.get(client, 'models');
    const owner = isObject(models) ? models : client;
    if (Reflect.get(owner, MARK) === true) return;
    Object.defineProperty(owner, MARK, { value: true });
    if (owner === client && typeof Reflect.get(client, 'startChat') === 'function') {
      traceOlderModel(client, setup);
      return;
    }
    for (const [name, route] of setup.routes) traceMethod({ owner, name, route, setup });
  });
  return client;
}

type Traced = { owner: object; name: string; route: CallRoute; setup: ClientSetup };

function traceMethod({ owner, name, route, setup }: Traced): void {
  const single = `${name}Internal`;
  const hooked = typeof Reflect.get(owner, single) === 'function' ? single : name;
  const method: unknown = Reflect.get(owner, hooked);
  if (typeof method !== 'function') return;
  const run: Method = (...args) => Reflect.apply(method, owner, args);
  const value: Method = (...args) => {
    const baseUrl = findBaseUrl(owner);
    const call = beginCall({ params: args[0], baseUrl, route, setup });
    if (!call) return run(...args);
    const params = guard(setup.onFault, () => sentParams({ params: args[0], call, baseUrl, setup }));
    return followCall(() => run(params ?? args[0], ...args.slice(1)), call, setup);
  };
  Object.defineProperty(owner, hooked, { value, configurable: true, writable: true, enumerable: false });
}

/** Looks on at a method that gives a promise of a reply or of a stream of chunks. */
function followCall(run: () => unknown, call: OpenCall, setup: ClientSetup): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    call.fail(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    call.finish();
    return result;
  }
  return result.then(
    (reply) => {
      followReply(reply, call, setup);
      return reply;
    },
    (error) => {
      call.fail(error);
      throw error;
    },
  );
}

function followReply(reply: unknown, call: OpenCall, { forgotten }: ClientSetup): void {
  if (isObject(reply) && Symbol.asyncIterator in reply && observeStream(reply, { call, forgotten })) return;
  call.head(objectOf(objectOf(reply).sdkHttpResponse).headers);
  call.reply(reply);
  call.finish();
}

type Beginning = { params: unknown; baseUrl: string | undefined; route: CallRoute; setup: ClientSetup };

function beginCall({ params, baseUrl, route, setup }: Beginning): OpenCall | undefined {
  const start = (): SpanStart & { name: string } => {
    const { model, config, ...rest } = objectOf(params);
    const { httpOptions: _, abortSignal: __, ...asked } = objectOf(config);
    return {
      name: route.name,
      type: route.type,
      dialect: route.dialect,
      provider: setup.options.provider ?? findProvider(baseUrl, setup.home),
      modelAsked: textIn(model),
      stream: route.name.endsWith('Stream'),
      input: snapshot({ model, ...rest, config: asked }),
    };
  };
  const { tracer, onFault } = setup;
  return openCall({ tracer, onFault, start, openReader: route.openReader });
}

type Sending = { params: unknown; call: OpenCall; baseUrl: string | undefined; setup: ClientSetup };

function sentParams({ params, call, baseUrl, setup }: Sending): unknown {
  const isSent = setup.options.propagate ?? propagatesTo(baseUrl);
  if (!isSent || !isRecord(params)) return params;
  const { config } = params;
  const httpOptions = objectOf(objectOf(config).httpOptions);
  const headers = headersWith(httpOptions.headers, call.span.traceparent());
  return { ...params, config: { ...objectOf(config), httpOptions: { ...httpOptions, headers } } };
}

function findBaseUrl(models: object): string | undefined {
  const api: unknown = Reflect.get(models, 'apiClient');
  const find: unknown = isObject(api) ? Reflect.get(api, 'getBaseUrl') : undefined;
  return typeof find === 'function' ? textIn(Reflect.apply(find, api, [])) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
