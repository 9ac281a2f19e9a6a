export type Variables = { [name: string]: string | undefined };

type Problem = { path: PropertyKey[]; message: string };

const REFERENCE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replaces `${NAME}` in every string of the operator's file by that environment variable.
 * `TOKENROUTER_*` is never resolvable: the file must not be a way to read the master key.
 */
export function resolveReferences(
  value: unknown,
  variables: Variables,
): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const inText = (text: string, path: PropertyKey[]): string =>
    text.replace(REFERENCE, (_whole, name: string) => {
      const found = NAME.test(name) && !name.startsWith('TOKENROUTER_') ? variables[name] : undefined;
      if (found === undefined || found === '') problems.push({ path, message: whyNot(name, found) });
      return found ?? '';
    });
  const inValue = (value: unknown, path: PropertyKey[]): unknown => {
    if (typeof value === 'string') return inText(value, path);
    if (Array.isArray(value)) return value.map((item, at) => inValue(item, [...path, at]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, inValue(item, [...path, key])]),
    );
  };
  return { value: inValue(value, []), problems };
}

function whyNot(name: string, found: string | undefined): string {
  if (!NAME.test(name))
    return `"\${${name}}" is not a reference; write \${NAME} with an environment variable's name`;
  if (name.startsWith('TOKENROUTER_'))
    return `the variable ${name} cannot be used here; choose another name for it`;
  if (found === '') return `the environment variable ${name} is empty; give it a value or remove this line`;
  return `the environment variable ${name} is not set; set it or remove this line`;
}
