import { Toast as Base } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { type ReactNode } from 'react';
import { buttonClass } from './button';

const manager = Base.createToastManager();

export interface ToastOptions {
  title: string;
  description?: string;
  tone?: 'neutral' | 'danger';
  /** Milliseconds on screen; it stays while hovered or focused. Default 6 s. */
  duration?: number;
  action?: { label: string; onAction: () => void };
  /** Runs when the toast goes away by itself or is dismissed, but not after its action. */
  onExpire?: () => void;
}

/** Shows a message; returns a function that takes it away. */
export function toast({
  title,
  description,
  tone = 'neutral',
  duration = 6000,
  action,
  onExpire,
}: ToastOptions): () => void {
  let acted = false;
  const id = manager.add({
    title,
    description,
    type: tone,
    timeout: duration,
    priority: tone === 'danger' ? 'high' : 'low',
    onRemove: () => {
      if (!acted) onExpire?.();
    },
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          acted = true;
          action.onAction();
          manager.close(id);
        },
      },
    }),
  });
  return () => manager.close(id);
}

/** Mount once, around the application. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed end-4 bottom-4 z-60 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => (
    <Base.Root
      key={item.id}
      toast={item}
      className="rounded-md bg-ink text-bg shadow-float transition-[opacity,translate] duration-200 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-4 data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-center gap-3 py-2.5 ps-4 pe-2">
        <div className="min-w-0 flex-1">
          <Base.Title className="text-sm font-medium" />
          <Base.Description className="text-sm opacity-85" />
        </div>
        {item.actionProps && (
          <Base.Action className="h-8 rounded-sm px-3 text-sm font-semibold underline underline-offset-3 hover:no-underline focus-visible:outline-bg" />
        )}
        <Base.Close
          aria-label="Dismiss"
          className={`${buttonClass({ variant: 'ghost', size: 'iconSm' })} text-bg hover:bg-bg/15 focus-visible:outline-bg`}
        >
          <X aria-hidden="true" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
