import type { SpanStart } from '../../tracer.ts';
import { guard } from '../guard.ts';
import { observeStream } from '../observe-stream.ts';
import { type OpenCall, openCall } from '../open-call.ts';
import { objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import type { CallRoute, ClientSetup } from './call-route.ts';

type Method = (...args: unknown[]) => unknown;

/**
 * Looks on at a model of `@google/generative-ai`, whose replies stand in a `response` and whose streams in a `stream`; and
 * at its chats, which send by themselves.
 */
export function traceOlderModel(model: object, setup: ClientSetup): void {
  const name = textIn(Reflect.get(model, 'model'))?.replace(/^models\//, '');
  traceOwn(model, { setup, model: name, methods: MODEL_METHODS, context: model });
  const startChat: unknown = Reflect.get(model, 'startChat');
  if (typeof startChat !== 'function') return;
  put(model, 'startChat', (...args) => {
    const chat: unknown = Reflect.apply(startChat, model, args);
    guard(setup.onFault, () => {
      if (typeof chat === 'object' && chat !== null)
        traceOwn(chat, { setup, model: name, methods: CHAT_METHODS, context: model });
    });
    return chat;
  });
}

const MODEL_METHODS: readonly (readonly [string, string])[] = [
  ['generateContent', 'generateContent'],
  ['generateContentStream', 'generateContentStream'],
  ['embedContent', 'embedContent'],
  ['batchEmbedContents', 'embedContent'],
];
const CHAT_METHODS: readonly (readonly [string, string])[] = [
  ['sendMessage', 'generateContent'],
  ['sendMessageStream', 'generateContentStream'],
];

type Tracing = {
  setup: ClientSetup;
  model: string | undefined;
  methods: readonly (readonly [string, string])[];
  context: object;
};

function traceOwn(owner: object, { setup, model, methods, context }: Tracing): void {
  for (const [name, routeName] of methods) {
    const method: unknown = Reflect.get(owner, name);
    const route = setup.routes.get(routeName);
    if (typeof method !== 'function' || !route) continue;
    put(owner, name, (...args) => {
      const start = (): SpanStart & { name: string } => startOf({ route, model, args, context, setup });
      const { tracer, onFault } = setup;
      const call = openCall({ tracer, onFault, start, openReader: route.openReader });
      const result: unknown = Reflect.apply(method, owner, args);
      if (call && result instanceof Promise) {
        result.then(
          (reply) => guard(onFault, () => follow(reply, call, setup)),
          (error) => call.fail(error),
        );
      } else call?.finish();
      return result;
    });
  }
}

type Starting = {
  route: CallRoute;
  model: string | undefined;
  args: unknown[];
  context: object;
  setup: ClientSetup;
};

/** The system prompt and the tools stand on the model, the question in the call. */
function startOf({ route, model, args, context, setup }: Starting): SpanStart & { name: string } {
  const fixed = objectOf(context);
  return {
    name: route.name,
    type: route.type,
    dialect: route.dialect,
    provider: setup.options.provider ?? setup.home,
    modelAsked: model,
    stream: route.name.endsWith('Stream'),
    input: snapshot({
      model,
      systemInstruction: fixed.systemInstruction,
      tools: fixed.tools,
      generationConfig: fixed.generationConfig,
      contents: args[0],
    }),
  };
}

function follow(reply: unknown, call: OpenCall, { forgotten }: ClientSetup): void {
  const { stream, response } = objectOf(reply) as { stream?: unknown; response?: unknown };
  const isStream = typeof stream === 'object' && stream !== null;
  if (isStream && observeStream(stream, { call, forgotten })) return;
  call.reply(response ?? reply);
  call.finish();
}

function put(owner: object, name: string, value: Method): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: false });
}
