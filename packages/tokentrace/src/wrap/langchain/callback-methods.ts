/** LangChain hands everything over in a row: what runs, its input, ids, settings, tags, metadata and name. */
export type ModelStart = [
  llm: unknown,
  input: unknown,
  runId: string,
  parentRunId?: string,
  extra?: unknown,
  tags?: string[],
  metadata?: unknown,
  name?: string,
];

export type ChainStart = [
  chain: unknown,
  inputs: unknown,
  runId: string,
  parentRunId?: string,
  tags?: string[],
  metadata?: unknown,
  runType?: string,
  name?: string,
];

/** Tools and retrievers. */
export type StepStart = [
  serialized: unknown,
  input: unknown,
  runId: string,
  parentRunId?: string,
  tags?: string[],
  metadata?: unknown,
  name?: string,
];

type Ended = (value: unknown, runId: string) => void;

/** The methods of `BaseCallbackHandler` of `@langchain/core` that tell of a model. */
export type ModelMethods = {
  handleChatModelStart(...args: ModelStart): void;
  handleLLMStart(...args: ModelStart): void;
  handleLLMNewToken(token: unknown, index: unknown, runId: string): void;
  handleLLMEnd: Ended;
  handleLLMError: Ended;
};

/** Those that tell of chains, tools and retrievers. */
export type StepMethods = {
  handleChainStart(...args: ChainStart): void;
  handleChainEnd: Ended;
  handleChainError: Ended;
  handleToolStart(...args: StepStart): void;
  handleToolEnd: Ended;
  handleToolError: Ended;
  handleRetrieverStart(...args: StepStart): void;
  handleRetrieverEnd: Ended;
  handleRetrieverError: Ended;
};
