import { defaultTracer } from '../../default-tracer.ts';
import { openForgottenCalls } from '../forgotten-calls.ts';
import type { ClientSetup, WrapOptions } from './call-route.ts';

/** What wrapping needs, from what the app said. */
export function openSetup(
  options: WrapOptions,
  client: Pick<ClientSetup, 'routes' | 'methods' | 'home'>,
): ClientSetup {
  const tracer = options.tracer ?? defaultTracer();
  return {
    ...client,
    options,
    tracer,
    onFault: options.onError ?? ((fault) => tracer.reportFault?.(fault)),
    forgotten: openForgottenCalls(),
  };
}
