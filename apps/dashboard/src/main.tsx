import './api/strict-policy.ts';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { ApiError } from './api/client.ts';
import { sessionQuery } from './api/session.ts';
import { createAppRouter } from './router.tsx';
import { applyTheme, followSystemTheme } from './ui/theme.ts';

applyTheme();
followSystemTheme();

// The strict content policy lets only styles with this page's nonce in; dialogs add one for their scroll lock.
setNonce(document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '');

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});
const router = createAppRouter(queries);
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** The session may end while a page is open: then the person signs in and comes back to where they were. */
function leaveWhenSignedOut(error: Error): void {
  const { pathname, href } = router.state.location;
  if (!(error instanceof ApiError) || error.status !== 401 || pathname === '/sign-in') return;
  // The page that is still open needs its session until it is left.
  router
    .navigate({ to: '/sign-in', search: { next: href } })
    .then(() => queries.removeQueries({ queryKey: sessionQuery.queryKey }));
}
