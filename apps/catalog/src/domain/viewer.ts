import { type Person } from '@kinora/contracts-common';

/** Who looks: as much of a caller as the rules of visibility need. */
export interface Viewer {
  /** Null for someone who isn't signed in. */
  readonly userId: string | null;
  readonly admin: boolean;
}

export const anonymous: Viewer = { userId: null, admin: false };

export const viewerOf = (caller: Person | undefined): Viewer =>
  caller ? { userId: caller.userId, admin: caller.roles.includes('admin') } : anonymous;

/** Creators and admins make things; everyone may watch. */
export const mayCreate = (caller: Person): boolean =>
  caller.roles.some((role) => role === 'creator' || role === 'admin');
