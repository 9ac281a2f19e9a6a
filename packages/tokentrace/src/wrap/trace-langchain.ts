import { parseJson } from '@app/protocol';
import { defaultTracer } from '../default-tracer.ts';
import type { Span, SpanFields, SpanStart, Tracer } from '../tracer.ts';
import { closeSpan } from './close-span.ts';
import { guard, type OnFault } from './guard.ts';
import { openHeld } from './held.ts';
import type {
  ChainStart,
  ModelMethods,
  ModelStart,
  StepMethods,
  StepStart,
} from './langchain/callback-methods.ts';
import { messageJson, toolOutput } from './langchain/message-json.ts';
import { resultFields } from './langchain/result-fields.ts';
import { runLabels, runName } from './langchain/run-labels.ts';
import { arrayOf, objectOf, textIn } from './read/wire-value.ts';
import { snapshot } from './snapshot.ts';

export type LangchainOptions = {
  /** The tracer of `init` when absent. */
  tracer?: Tracer;
  /** Is told of faults of tracing, which never reach the app. */
  onError?: OnFault;
};

/** A callback handler for LangChain and LangGraph, which need not be installed for it. */
export type TokentraceCallbackHandler = ModelMethods &
  StepMethods & { name: string; awaitHandlers: boolean; raiseError: boolean };

/**
 * A callback handler that records what runs: models, chains, tools and retrievers, each below the run that began it. To be
 * handed over as `callbacks: [handler]`; one may serve any number of runs at once.
 */
export function createTokentraceCallbackHandler({
  tracer = defaultTracer(),
  onError = (fault) => tracer.reportFault?.(fault),
}: LangchainOptions = {}): TokentraceCallbackHandler {
  const runs = openHeld<OpenRun>();

  function begin(run: Run, start: () => SpanStart & { name: string }): void {
    guard(onError, () => {
      const parent = run.parentRunId === undefined ? undefined : runs.get(run.parentRunId)?.span;
      const span = tracer.startSpan({ ...start(), ...(parent && { parent }) });
      runs.put(run.runId, { span, hasToken: false });
    });
  }

  function finish(runId: string, fields: () => SpanFields, error?: unknown): void {
    const run = runs.take(runId);
    const told = guard(onError, fields) ?? {};
    if (run) guard(onError, () => closeSpan(run.span, told, error));
  }

  const fail = (error: unknown, runId: string): void => {
    finish(runId, () => ({}), error ?? 'failed');
  };

  return {
    name: 'tokentrace',
    // Awaited, so that a run's parent is the span that is current where the run begins. Recording takes microseconds.
    awaitHandlers: true,
    raiseError: false,
    ...modelMethods({ begin, finish, fail, runs, onError }),
    ...stepMethods({ begin, finish, fail, runs, onError }),
  };
}

type OpenRun = { span: Span; hasToken: boolean };

type Run = { runId: string; parentRunId: string | undefined };

type Parts = {
  begin(run: Run, start: () => SpanStart & { name: string }): void;
  finish(runId: string, fields: () => SpanFields, error?: unknown): void;
  fail(error: unknown, runId: string): void;
  runs: { get(runId: string): OpenRun | undefined };
  onError: OnFault;
};

function modelMethods({ begin, finish, fail, runs, onError }: Parts): ModelMethods {
  const start = (args: ModelStart, messages: () => unknown): void => {
    const [llm, , runId, parentRunId, extra, tags, metadata, name] = args;
    begin({ runId, parentRunId }, () => {
      const { invocation_params } = objectOf(extra);
      const told = objectOf(metadata);
      const settings = objectOf(snapshot(invocation_params));
      return {
        ...runLabels(tags, metadata),
        name: runName(name, llm, 'model'),
        type: 'generation',
        dialect: 'openai-chat',
        provider: textIn(told.ls_provider),
        modelAsked: textIn(told.ls_model_name) ?? textIn(settings.model),
        stream: settings.stream === true,
        input: { ...settings, messages: messages() },
      };
    });
  };
  return {
    handleChatModelStart: (...args: ModelStart): void =>
      start(args, () => arrayOf(arrayOf(args[1])[0]).map(messageJson)),
    handleLLMStart: (...args: ModelStart): void =>
      start(args, () => arrayOf(args[1]).map((content) => ({ role: 'user', content }))),
    handleLLMNewToken(_token: unknown, _index: unknown, runId: string): void {
      const run = runs.get(runId);
      if (!run || run.hasToken) return;
      run.hasToken = true;
      guard(onError, () => run.span.firstToken());
      guard(onError, () => run.span.update({ stream: true }));
    },
    handleLLMEnd: (result: unknown, runId: string): void => finish(runId, () => resultFields(result)),
    handleLLMError: fail,
  };
}

function stepMethods({ begin, finish, fail }: Parts): StepMethods {
  return {
    handleChainStart(...args: ChainStart): void {
      const [chain, inputs, runId, parentRunId, tags, metadata, , name] = args;
      const start = { name: runName(name, chain, 'chain'), type: 'chain', dialect: 'json' } as const;
      const run = { runId, parentRunId };
      begin(run, () => ({ ...runLabels(tags, metadata), ...start, input: plain(inputs) }));
    },
    handleChainEnd: (outputs: unknown, runId: string): void =>
      finish(runId, () => ({ output: plain(outputs) })),
    handleChainError: fail,
    handleToolStart(...args: StepStart): void {
      const [tool, input, runId, parentRunId, tags, metadata, name] = args;
      const toolName = runName(name, tool, 'tool');
      begin({ runId, parentRunId }, () => ({
        ...runLabels(tags, metadata),
        ...{ name: toolName, type: 'tool', toolName, dialect: 'json' },
        input: (typeof input === 'string' ? parseJson(input) : undefined) ?? snapshot(input),
      }));
    },
    handleToolEnd: (output: unknown, runId: string): void =>
      finish(runId, () => ({ output: toolOutput(output) })),
    handleToolError: fail,
    handleRetrieverStart(...args: StepStart): void {
      const [retriever, query, runId, parentRunId, tags, metadata, name] = args;
      const start = {
        name: runName(name, retriever, 'retriever'),
        type: 'retriever',
        dialect: 'json',
      } as const;
      const run = { runId, parentRunId };
      begin(run, () => ({ ...runLabels(tags, metadata), ...start, input: snapshot(query) }));
    },
    handleRetrieverEnd: (documents: unknown, runId: string): void =>
      finish(runId, () => ({ output: arrayOf(documents).map(documentJson) })),
    handleRetrieverError: fail,
  };
}

/** The inputs and outputs of a chain often are messages, or hold some. */
function plain(value: unknown): unknown {
  if (isMessage(value)) return messageJson(value);
  if (Array.isArray(value)) return value.map(plain);
  const { messages } = objectOf(value);
  return Array.isArray(messages) ? { ...objectOf(value), messages: messages.map(plain) } : snapshot(value);
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'getType') === 'function';
}

function documentJson(value: unknown): unknown {
  const { pageContent, metadata, id } = objectOf(value);
  return snapshot({ id, content: pageContent, metadata });
}
