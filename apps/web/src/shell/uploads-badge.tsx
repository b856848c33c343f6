import { Link } from '@tanstack/react-router';
import { useUploads } from '../uploads/use-uploads';

/** Uploads that go on while somebody is on another page. */
export function UploadsBadge() {
  const items = useUploads().filter(({ state }) => state !== 'sent' && state !== 'failed');
  if (items.length === 0) return null;
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const share = total > 0 ? items.reduce((sum, { sent }) => sum + sent, 0) / total : 0;
  const percent = Math.floor(share * 100);
  return (
    <Link
      to="/upload"
      className="hidden h-8 items-center gap-2 rounded-full bg-accent-tint px-3 text-sm font-medium text-accent-text tabular-nums sm:inline-flex"
    >
      {items.length} {items.length === 1 ? 'upload' : 'uploads'} · {percent} %
    </Link>
  );
}
