import { ToastProvider } from '@kinora/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries';
import { onSession, sessionState } from './api/session';
import { router } from './router';
import './styles.css';

// Somebody else may see other things: nothing that was fetched survives a change of person.
onSession(() => {
  if (sessionState() === 'signed-out') queryClient.clear();
  void queryClient.invalidateQueries();
});

const root = document.getElementById('app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
