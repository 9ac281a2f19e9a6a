/** Remembers which methods each address has, so that a wrong method is told from a wrong address. */
export type MethodTable = {
  add(pattern: string, methods: string | readonly string[]): void;
  /** The methods of this path, sorted; empty when no route has it. */
  find(path: string): string[];
};

export function createMethodTable(): MethodTable {
  const routes: { segments: string[]; methods: readonly string[] }[] = [];
  return {
    add: (pattern, methods) => {
      // A catch-all says nothing about what exists.
      if (pattern.includes('*')) return;
      routes.push({
        segments: pattern.split('/'),
        methods: typeof methods === 'string' ? [methods] : methods,
      });
    },
    find: (path) => {
      const segments = path.split('/');
      const found = routes.filter((route) => matches(route.segments, segments));
      return [...new Set(found.flatMap((route) => route.methods))].sort();
    },
  };
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, at) => part === path[at] || (part.startsWith(':') && path[at] !== ''));
}
