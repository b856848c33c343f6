import { buttonClass, IconButton, Menu, MenuItem, MenuLink, MenuSeparator } from '@kinora/ui';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Library, LogOut, Settings, UserRound } from 'lucide-react';
import { signOut } from '../api/session';
import { useProfile, useSessionState } from '../api/use-session';

export function AccountMenu() {
  const state = useSessionState();
  const profile = useProfile();
  const navigate = useNavigate();
  const { href } = useLocation();
  if (state === 'signed-out') {
    return (
      <Link
        to="/sign-in"
        search={href === '/' ? {} : { next: href }}
        className={buttonClass({ variant: 'secondary', size: 'sm' })}
      >
        Sign in
      </Link>
    );
  }
  return (
    <Menu
      trigger={
        <IconButton label="Account">
          <UserRound aria-hidden="true" />
        </IconButton>
      }
    >
      {profile && (
        <div className="max-w-64 px-3 pt-2 pb-1">
          <p className="truncate text-sm font-medium">{profile.displayName}</p>
          <p className="truncate text-xs text-soft">{profile.email}</p>
        </div>
      )}
      {profile && <MenuSeparator />}
      <MenuLink render={<Link to="/" search={{ scope: 'mine' }} />}>
        <Library aria-hidden="true" /> My videos
      </MenuLink>
      <MenuLink render={<Link to="/account" />}>
        <Settings aria-hidden="true" /> Account
      </MenuLink>
      <MenuSeparator />
      <MenuItem
        onSelect={() => {
          void signOut().then(() => navigate({ to: '/' }));
        }}
      >
        <LogOut aria-hidden="true" /> Sign out
      </MenuItem>
    </Menu>
  );
}
