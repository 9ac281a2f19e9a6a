/** What the sandbox says of the size of every model, since it has none itself. */
export const CONTEXT_TOKENS_MAX = 128_000;
