const BACKSPACE = new Set(['\b', '\u007f']);
const END = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const CHARS_MAX = 32_768;

type Listener = (chunk: Buffer) => void;

export type HiddenLineDeps = {
  /** A terminal to read from. */
  input: {
    setRawMode(mode: boolean): unknown;
    on(event: 'data', listener: Listener): unknown;
    off(event: 'data', listener: Listener): unknown;
    resume(): unknown;
    pause(): unknown;
  };
  /** Standard error: a person reads it, no script does. */
  write: (text: string) => void;
};

/** Asks for one line at a terminal and does not show what is typed. Rejects when the person gives up (Ctrl-C). */
export function readHiddenLine({ input, write }: HiddenLineDeps, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = '';
    const finish = (settle: () => void): void => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
      write('\n');
      settle();
    };
    const onData = (chunk: Buffer): void => {
      for (const letter of chunk.toString('utf8')) {
        if (letter === INTERRUPT || END.has(letter)) {
          const isGivenUp = letter === INTERRUPT;
          finish(() => (isGivenUp ? reject(new Error('Given up; nothing was changed.')) : resolve(line)));
          return;
        }
        if (BACKSPACE.has(letter)) line = line.slice(0, -1);
        else if (line.length < CHARS_MAX) line += letter;
      }
    };
    write(question);
    input.setRawMode(true);
    input.on('data', onData);
    input.resume();
  });
}
