export type { Asked, Decoration, RouteMode, Running, Settled } from './asked.ts';
export { createJourney, type Journey, type JourneyDeps } from './journey.ts';
export type { Outcome } from './outcome.ts';
export type * from './ports.ts';
export { defaultSettings, type JourneySettings } from './settings.ts';
export { type Authenticate, type AuthenticateDeps, createAuthenticate } from './steps/authenticate.ts';
