import { observeResponse } from './observe-response.ts';
import { observeStream, type StreamWatch } from './observe-stream.ts';
import { binaryMark } from './snapshot.ts';

/**
 * The parts that an `APIPromise` of the OpenAI and Anthropic clients has been made of in every version so far: the
 * response to come, and how it is read when somebody wants the data.
 */
type ApiPromise = {
  responsePromise: Promise<{ response: unknown }>;
  parseResponse: (...args: unknown[]) => unknown;
  asResponse(): Promise<unknown>;
  _thenUnwrap?: (transform: unknown) => unknown;
};

/**
 * Looks on at one call. What the app was given stays the same object: data, `.withResponse()`, `.asResponse()` and the
 * errors are those of the client. Nothing is read that the app does not read.
 */
export function observePromise(promise: unknown, watch: StreamWatch): void {
  if (isApiPromise(promise)) observeApiPromise(promise, watch);
  else if (promise instanceof Promise) observePlainPromise(promise, watch);
  else watch.call.finish();
}

function isApiPromise(value: unknown): value is ApiPromise {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'responsePromise') instanceof Promise &&
    typeof Reflect.get(value, 'parseResponse') === 'function' &&
    typeof Reflect.get(value, 'asResponse') === 'function'
  );
}

function observeApiPromise(promise: ApiPromise, watch: StreamWatch): void {
  const { call } = watch;
  const parse = promise.parseResponse;
  const state = { isParsed: false };
  promise.responsePromise = promise.responsePromise.then(
    (props) => {
      call.head(headersOf(props.response));
      return props;
    },
    (error) => {
      call.fail(error);
      throw error;
    },
  );
  promise.parseResponse = async (...args) => {
    state.isParsed = true;
    try {
      const data = await Reflect.apply(parse, promise, args);
      observeData(data, watch);
      return data;
    } catch (error) {
      call.fail(error);
      throw error;
    }
  };
  observeRaw(promise, { ...watch, state, source: promise });
}

type RawWatch = StreamWatch & { state: { isParsed: boolean }; source: ApiPromise };

/** A promise that a helper derived from the first has the same response, and may be asked for it as well. */
function observeRaw(promise: ApiPromise, watch: RawWatch): void {
  const { call, forgotten, state, source } = watch;
  const asResponse = promise.asResponse;
  put(promise, 'asResponse', async () => {
    const response = await Reflect.apply(asResponse, promise, []);
    if (state.isParsed) return response;
    const props = await source.responsePromise;
    // Whoever asks twice, or for the data later, reads the same body.
    if (props.response === response) props.response = observeResponse(response, call, forgotten);
    state.isParsed = true;
    return props.response;
  });
  const derive = promise._thenUnwrap;
  if (typeof derive !== 'function') return;
  put(promise, '_thenUnwrap', (transform) => {
    const derived = Reflect.apply(derive, promise, [transform]);
    if (isApiPromise(derived)) observeRaw(derived, watch);
    return derived;
  });
}

function observeData(data: unknown, watch: StreamWatch): void {
  const { call } = watch;
  if (data instanceof Response) {
    call.learn({ output: markOf(data) });
    call.finish();
  } else if (typeof data === 'object' && data !== null && Symbol.asyncIterator in data) {
    if (!observeStream(data, watch)) call.finish();
  } else {
    call.reply(data);
    call.finish();
  }
}

/** The body of a sound or a file is the app's to read. */
function markOf(response: Response): string {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const type = response.headers.get('content-type')?.split(';')[0];
  return binaryMark(type, Number.isSafeInteger(length) ? length : undefined);
}

/** A promise of another kind settles for us too; whoever holds it still gets its value or its error. */
function observePlainPromise(promise: Promise<unknown>, watch: StreamWatch): void {
  promise.then(
    (data) => observeData(data, watch),
    (error) => watch.call.fail(error),
  );
}

function headersOf(response: unknown): unknown {
  return typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
}

function put(target: object, name: string, value: (argument: unknown) => unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
