import { cva, type VariantProps } from 'class-variance-authority';
import { type ComponentProps } from 'react';
import { cx } from './cx';

const badge = cva('inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium [&_svg]:size-3.5', {
  variants: {
    tone: {
      neutral: 'bg-sunken text-soft',
      accent: 'bg-accent-tint text-accent-text',
      warn: 'bg-warn-tint text-warn-text',
      danger: 'bg-danger-tint text-danger-text',
    },
  },
  defaultVariants: { tone: 'neutral' },
});

export function Badge({ tone, className, ...rest }: ComponentProps<'span'> & VariantProps<typeof badge>) {
  return <span className={cx(badge({ tone }), className)} {...rest} />;
}
