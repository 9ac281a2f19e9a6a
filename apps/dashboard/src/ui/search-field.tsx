import { Search } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useShortcut } from './use-shortcut.ts';

type Props = {
  label: string;
  placeholder: string;
  value: string;
  /** The key that moves the focus here; undefined while it should not. */
  shortcut: string | undefined;
  /** Hears the text when the typing rests. */
  onChange: (text: string) => void;
};

const REST_MS = 250;

export function SearchField({ label, placeholder, value, shortcut, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  const [seen, setSeen] = useState(value);
  // A value that was not told from here came by a link or the back button, and replaces what stands in the field.
  if (value !== seen) {
    setSeen(value);
    if (value !== told) {
      setTold(value);
      setText(value);
    }
  }
  const change = useLatest(onChange);
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(() => {
      setTold(text);
      change.current(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [text, told, change]);
  const focus = useCallback(() => input.current?.select(), []);
  useShortcut(shortcut ?? '', shortcut === undefined ? undefined : focus);
  return (
    <label className="relative w-full sm:w-80">
      <span className="sr-only">{label}</span>
      <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" />
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={200}
        aria-keyshortcuts={shortcut}
        onChange={(event) => setText(event.target.value)}
        placeholder={placeholder}
        className="peer h-9 w-full rounded-lg border border-field bg-surface pr-9 pl-9 text-sm placeholder:text-faint"
      />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 rounded border border-line px-1.5 font-mono text-faint text-xs peer-placeholder-shown:peer-not-focus:lg:block"
      >
        {shortcut}
      </span>
    </label>
  );
}

/** The newest value, for an effect that must not start anew when it changes. */
function useLatest<Value>(value: Value) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
