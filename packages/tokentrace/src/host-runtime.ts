/** What we use of a runtime beyond the web's own interfaces. Any of it may be missing, on an edge runtime most of it. */
export type HostProcess = {
  readonly pid?: number;
  readonly env?: { readonly [name: string]: string | undefined };
  getBuiltinModule?(name: string): unknown;
  emitWarning?(warning: string, options: { type: string; code: string }): void;
  on?(event: string, listener: (value: string) => void): unknown;
  removeListener?(event: string, listener: (value: string) => void): unknown;
  listenerCount?(event: string): number;
  /** Signal 0 asks whether the process is there. */
  kill?(pid: number, signal: string | number): unknown;
};

/** The current value for everything that runs because of what runs now. */
type AsyncStore<T> = {
  run<R>(value: T, fn: () => R): R;
  getStore(): T | undefined;
  enterWith?(value: T): void;
};

export type AsyncStoreMaker = {
  new <T>(): AsyncStore<T>;
  /** Makes a function that runs others in the context of now. */
  snapshot?(): <T>(fn: () => T) => T;
};

type Host = { process?: HostProcess; AsyncLocalStorage?: AsyncStoreMaker };

export function findProcess(): HostProcess | undefined {
  const { process } = globalThis as Host;
  return typeof process === 'object' ? process : undefined;
}

/** One of Node's own modules, or undefined where there is none. A static import would stop an edge runtime's load. */
export function findBuiltin<T>(name: string): T | undefined {
  try {
    return findProcess()?.getBuiltinModule?.(name) as T | undefined;
  } catch {
    return undefined;
  }
}

/** Node, Bun, Deno and Workers have it as a module, Vercel's edge runtime as a global. */
export function findAsyncStoreMaker(): AsyncStoreMaker | undefined {
  const hooks = findBuiltin<{ AsyncLocalStorage?: AsyncStoreMaker }>('node:async_hooks');
  return hooks?.AsyncLocalStorage ?? (globalThis as Host).AsyncLocalStorage;
}

/** A setting of the environment. Reading it may be forbidden, as in Deno, and then it is not set. */
export function findEnv(name: string): string | undefined {
  try {
    return findProcess()?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}
