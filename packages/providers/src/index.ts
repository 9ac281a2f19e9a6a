export type { Cost, CostLabel, Price, Rates } from './price.ts';
export type { Auth, Provider } from './provider.ts';
export { Secret } from './secret.ts';
