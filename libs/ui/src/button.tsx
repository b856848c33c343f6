import { cva, type VariantProps } from 'class-variance-authority';
import { type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx';

/** The look of a button, also for links that act like one: `<Link className={buttonClass({variant: 'primary'})}>`. */
export const buttonClass = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap font-medium transition-colors duration-150 select-none disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-[1.125em] [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-edge/60 bg-surface text-ink hover:bg-hover',
        ghost: 'text-ink hover:bg-hover',
        danger: 'bg-danger text-on-danger hover:bg-danger-hover',
      },
      size: {
        sm: 'h-8 rounded-sm px-3 text-sm',
        md: 'h-10 rounded-md px-4',
        icon: 'size-10 rounded-full text-[1.1rem]',
        iconSm: 'size-8 rounded-full',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonClass> & {
    /** Shows a spinner and ignores presses, while focus stays where it is. */
    busy?: boolean;
  };

export function Button({
  variant,
  size,
  busy = false,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(buttonClass({ variant, size }), className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A round button with a picture only; `label` is its name for everybody who doesn't see the picture. */
export function IconButton({
  label,
  size = 'icon',
  variant = 'ghost',
  children,
  ...rest
}: ButtonProps & { label: string; children: ReactNode }) {
  return (
    <Button aria-label={label} title={label} size={size} variant={variant} {...rest}>
      {children}
    </Button>
  );
}

export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-block size-[1em] animate-spin rounded-full border-2 border-current border-e-transparent',
        className,
      )}
    />
  );
}
