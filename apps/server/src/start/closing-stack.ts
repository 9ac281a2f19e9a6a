/** Things that were opened, closed in the opposite order. */
export type ClosingStack = {
  /** Remembers how to close what was just opened. */
  add(close: () => void | Promise<void>): void;
  /** Closes everything, the newest first. One that fails does not keep the others open. */
  close(): Promise<void>;
};

/** `onError` hears of what could not be closed. */
export function createClosingStack(onError: (error: unknown) => void): ClosingStack {
  const closers: (() => void | Promise<void>)[] = [];
  return {
    add: (close) => {
      closers.push(close);
    },
    close: async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
