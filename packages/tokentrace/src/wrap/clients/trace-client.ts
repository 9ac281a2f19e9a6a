import { guard } from '../guard.ts';
import type { ClientSetup } from './call-route.ts';
import { traceMethods } from './trace-methods.ts';
import { tracePost } from './trace-post.ts';

/** On a client that is traced already: wrapping it again changes nothing. */
const MARK = Symbol.for('tokentrace.wrapped');

/**
 * Makes this client traced and gives it back: the same object, so of the same type and class. What cannot be traced, such
 * as a frozen client, is given back as it is and told to `onError`.
 */
export function traceClient<C extends object>(client: C, setup: ClientSetup): C {
  guard(setup.onFault, () => {
    if (Reflect.get(client, MARK) === true) return;
    Object.defineProperty(client, MARK, { value: true });
    const post: unknown = Reflect.get(client, 'post');
    if (typeof post !== 'function') {
      traceMethods(client, setup);
      return;
    }
    tracePost(client, (...args) => Reflect.apply(post, client, args), setup);
    traceCopies(client, setup);
  });
  return client;
}

/** `withOptions` makes a client anew, which is traced as well. */
function traceCopies(client: object, setup: ClientSetup): void {
  const copy: unknown = Reflect.get(client, 'withOptions');
  if (typeof copy !== 'function') return;
  Object.defineProperty(client, 'withOptions', {
    configurable: true,
    writable: true,
    value: (...args: unknown[]) => {
      const made: unknown = Reflect.apply(copy, client, args);
      return typeof made === 'object' && made !== null ? traceClient(made, setup) : made;
    },
  });
}
