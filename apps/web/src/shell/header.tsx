import { buttonClass, LogoMark } from '@kinora/ui';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useSessionState } from '../api/use-session';
import { AccountMenu } from './account-menu';
import { SearchBox } from './search-box';
import { ThemeToggle } from './theme-menu';
import { UploadsBadge } from './uploads-badge';

export function Header() {
  const state = useSessionState();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-bg/92 backdrop-blur-md">
      <div className="mx-auto flex h-16 w-full max-w-7xl items-center gap-2 px-3 sm:gap-3 sm:px-6">
        <Link to="/" aria-label="Kinora, library" className="flex items-center gap-2 rounded-md p-1 text-accent-text">
          <LogoMark className="size-7" />
          <span className="hidden text-lg font-semibold tracking-tight text-ink sm:inline">Kinora</span>
        </Link>
        <div className="flex min-w-0 flex-1 sm:justify-center">
          <SearchBox />
        </div>
        <nav aria-label="Main" className="flex items-center gap-0.5 sm:gap-1.5">
          {state !== 'signed-out' && <UploadsBadge />}
          {state !== 'signed-out' && (
            <Link to="/upload" className={buttonClass({ variant: 'primary', size: 'sm' })} aria-label="Upload">
              <Plus aria-hidden="true" />
              <span className="hidden sm:inline">Upload</span>
            </Link>
          )}
          <ThemeToggle />
          <AccountMenu />
        </nav>
      </div>
    </header>
  );
}
