import { useEffect, useState } from 'react';

/**
 * The token behind the `#` of a link, which no server and no log ever sees. It is taken out of the address bar at once,
 * so that it stands in no history either; empty without one.
 */
export function useFragmentToken(): string {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  return token;
}
