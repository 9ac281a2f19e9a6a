import { guard } from '../guard.ts';
import { observePromise } from '../observe-promise.ts';
import { openCall } from '../open-call.ts';
import { objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';
import type { CallRoute, ClientSetup } from './call-route.ts';

/** Looks on at the methods of an object that has those of a client and is none, such as one for tests. */
export function traceMethods(client: object, setup: ClientSetup): void {
  for (const [path, route] of setup.methods) {
    const names = path.split('.');
    const name = names.pop() ?? '';
    const owner = names.reduce<unknown>((at, step) => Object(at)[step], client);
    if (typeof owner !== 'object' || owner === null) continue;
    const method: unknown = Reflect.get(owner, name);
    if (typeof method === 'function') traceMethod({ owner, name, method, route, setup });
  }
}

type Traced = { owner: object; name: string; method: object; route: CallRoute; setup: ClientSetup };

function traceMethod({ owner, name, method, route, setup }: Traced): void {
  const { tracer, onFault, forgotten, options, home } = setup;
  const value = (...args: unknown[]): unknown => {
    const start = () => {
      const { model, stream } = objectOf(args[0]);
      return {
        ...{ name: route.name, type: route.type, dialect: route.dialect, provider: options.provider ?? home },
        ...{ modelAsked: textIn(model), stream: stream === true, input: snapshot(args[0]) },
      };
    };
    const call = openCall({ tracer, onFault, start, openReader: route.openReader });
    const run = method as (...args: unknown[]) => unknown;
    if (!call) return Reflect.apply(run, owner, args);
    try {
      const result = Reflect.apply(run, owner, args);
      guard(onFault, () => observePromise(result, { call, forgotten }));
      return result;
    } catch (error) {
      call.fail(error);
      throw error;
    }
  };
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}
