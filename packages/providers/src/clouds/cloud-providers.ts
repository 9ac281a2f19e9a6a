import type { Provider } from '../provider.ts';
import { azure, azureFoundry } from './azure.ts';
import { bedrock } from './bedrock.ts';
import type { Cloud, CloudField, CloudOptions, CloudProblem } from './cloud-options.ts';
import { vertex } from './vertex.ts';

const CLOUDS: { readonly [kind: string]: Cloud } = {
  bedrock,
  vertex,
  azure,
  'azure-foundry': azureFoundry,
};

/** The kinds of providers that a configuration may name and that need more than an address and a key. */
export const cloudKinds: readonly string[] = Object.keys(CLOUDS);

export function findCloud(kind: string): Cloud | undefined {
  return Object.hasOwn(CLOUDS, kind) ? CLOUDS[kind] : undefined;
}

/** The fields of all clouds, so that one that means nothing to a provider can be told. */
export const cloudFields: readonly CloudField[] = [
  ...new Set(Object.values(CLOUDS).flatMap(({ fields }) => fields)),
];

/** What is wrong with the options of a cloud's provider; empty when a row can be made of them. */
export function cloudProblems(cloud: Cloud, options: CloudOptions): CloudProblem[] {
  const strange = cloudFields.filter(
    (field) => options[field] !== undefined && !cloud.fields.includes(field),
  );
  const message = 'means nothing to this kind of provider; remove it';
  return [...strange.map((field): CloudProblem => ({ field, message })), ...cloud.problems(options)];
}

/** The row of a cloud's provider. Throws an `Error` with a sentence for the operator when its options have a problem. */
export function cloudRow(cloud: Cloud, options: CloudOptions): Provider {
  const [problem] = cloudProblems(cloud, options);
  if (problem !== undefined) throw new Error(`${problem.field} ${problem.message}`);
  const { base_url: baseUrl } = options;
  return cloud.row({ ...options, base_url: baseUrl?.replace(/\/+$/, '') });
}
