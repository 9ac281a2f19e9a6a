import { isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

/** A parsed file that still knows on which line each of its values stands. */
export type YamlFile = {
  value: unknown;
  /** The line of the value at `path`, or of the nearest thing above it that exists; 1 is the first. */
  lineOf(path: readonly PropertyKey[]): number;
};

/** Parses YAML with no tags, no merge keys and a bound on aliases. Throws `ConfigError` naming the line. */
export function readYaml(text: string, fileName: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    schema: 'core',
    logLevel: 'silent',
  });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map(
        (error) => `${fileName} line ${lineAt(lines, error.pos[0])}: ${firstLine(error.message)}`,
      ),
    );
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = offsetOf(document, path.slice(0, length).map(String));
      if (offset !== undefined) return lineAt(lines, offset);
    }
    return 1;
  };
  return { value: document.toJS({ maxAliasCount: 100 }) ?? {}, lineOf };
}

/** Where the key of `path` stands, so that a wrong block is named by its first line and not by its content's. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: string[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1).map(asKey), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === last);
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path.map(asKey), true);
  return isNode(node) ? node.range?.[0] : undefined;
}

const asKey = (part: string): string | number => (/^\d+$/.test(part) ? Number(part) : part);

const lineAt = (lines: LineCounter, offset: number): number => lines.linePos(offset).line;

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/ at line .*$/, '') ?? text;
