export * from './error.ts';
export * from './keys.ts';
export * from './models.ts';
export * from './money.ts';
export * from './overview.ts';
export * from './permissions.ts';
export * from './session.ts';
export * from './traces.ts';
