import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx';

export const inputClass =
  'w-full rounded-md border border-edge bg-surface px-3 text-ink placeholder:text-soft transition-colors hover:border-ink/60 aria-invalid:border-danger disabled:opacity-60';

interface FieldFrame {
  label: string;
  /** Help under the field. */
  hint?: ReactNode;
  /** A sentence that says what is wrong and how to put it right. */
  error?: string | undefined;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
}

function Frame({ id, label, hint, error, hideLabel, children }: FieldFrame & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={cx('text-sm font-medium', hideLabel && 'sr-only')}>
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger-text">
          {error}
        </p>
      )}
    </div>
  );
}

const describedBy = (id: string, { hint, error }: FieldFrame) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;

export function TextField({ label, hint, error, hideLabel, className, ...rest }: FieldFrame & ComponentProps<'input'>) {
  const own = useId();
  const id = rest.id ?? own;
  const frame: FieldFrame = { label, hint, error, ...(hideLabel && { hideLabel }) };
  return (
    <Frame id={id} {...frame}>
      <input
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
        className={cx(inputClass, 'h-10', className)}
      />
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...rest
}: FieldFrame & ComponentProps<'textarea'>) {
  const own = useId();
  const id = rest.id ?? own;
  const frame: FieldFrame = { label, hint, error, ...(hideLabel && { hideLabel }) };
  return (
    <Frame id={id} {...frame}>
      <textarea
        rows={4}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
        className={cx(inputClass, 'py-2', className)}
      />
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  hideLabel,
  className,
  children,
  ...rest
}: FieldFrame & ComponentProps<'select'>) {
  const own = useId();
  const id = rest.id ?? own;
  const frame: FieldFrame = { label, hint, error, ...(hideLabel && { hideLabel }) };
  return (
    <Frame id={id} {...frame}>
      <select {...rest} id={id} aria-describedby={describedBy(id, frame)} className={cx(inputClass, 'h-10', className)}>
        {children}
      </select>
    </Frame>
  );
}
