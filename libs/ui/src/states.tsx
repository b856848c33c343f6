import { type ReactNode } from 'react';
import { Button } from './button';
import { cx } from './cx';

export interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  /** The first thing to do from here. */
  action?: ReactNode;
  art?: ReactNode;
  className?: string;
  /** Heading level that fits the page's outline. */
  as?: 'h1' | 'h2';
}

export function EmptyState({ title, children, action, art, className, as: Heading = 'h2' }: EmptyStateProps) {
  return (
    <div className={cx('mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-16 text-center', className)}>
      {art && (
        <div aria-hidden="true" className="mb-2 text-accent-text [&_svg]:size-16">
          {art}
        </div>
      )}
      <Heading className="text-xl">{title}</Heading>
      {children && <div className="text-soft">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  title: string;
  /** One sentence for a person: what happened and what to do. */
  message: string;
  code?: string | undefined;
  requestId?: string | undefined;
  onRetry?: () => void;
  className?: string;
}

/** A failure with its code and request id, so that a report of it can be found in the logs. */
export function ErrorState({ title, message, code, requestId, onRetry, className }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className={cx('mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-16 text-center', className)}
    >
      <h2 className="text-xl">{title}</h2>
      <p className="text-soft">{message}</p>
      {(code ?? requestId) && (
        <p className="font-mono text-xs break-all text-soft">
          {code}
          {code && requestId && ' · '}
          {requestId && <>request {requestId}</>}
        </p>
      )}
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** One line about the state of a form or a page. */
export function Notice({
  tone = 'neutral',
  className,
  children,
}: {
  tone?: 'neutral' | 'warn' | 'danger' | 'accent';
  className?: string;
  children: ReactNode;
}) {
  const look = {
    neutral: 'bg-sunken text-ink',
    warn: 'bg-warn-tint text-warn-text',
    danger: 'bg-danger-tint text-danger-text',
    accent: 'bg-accent-tint text-accent-text',
  }[tone];
  return (
    <div role={tone === 'danger' ? 'alert' : 'status'} className={cx('rounded-md px-4 py-3 text-sm', look, className)}>
      {children}
    </div>
  );
}
