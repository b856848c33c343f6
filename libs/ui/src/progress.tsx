import { cx } from './cx';

export interface ProgressProps {
  label: string;
  /** 0–1, or undefined while the amount is unknown. */
  value?: number | undefined;
  tone?: 'accent' | 'danger' | 'quiet';
  className?: string;
}

/** A bar. Its text (per cent, time left) belongs beside it, in the caller's words. */
export function Progress({ label, value, tone = 'accent', className }: ProgressProps) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  const fill = { accent: 'bg-accent', danger: 'bg-danger', quiet: 'bg-edge' }[tone];
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== undefined && { 'aria-valuenow': percent })}
      className={cx('relative h-1.5 w-full overflow-hidden rounded-full bg-hover', className)}
    >
      {percent === undefined ? (
        <div className={cx('h-full w-2/5 animate-[k-sweep_1.6s_ease-in-out_infinite] rounded-full', fill)} />
      ) : (
        <div
          className={cx('h-full rounded-full transition-[width] duration-300', fill)}
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
