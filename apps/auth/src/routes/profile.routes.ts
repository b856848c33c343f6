import { authContract } from '@kinora/contracts-auth';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type People } from '../domain/people';

/** Who is signed in, and what they may do. */
export function profileRoutes({ people, mounting }: { people: People; mounting: Mounting }): Router {
  const router = Router();
  mount(router, authContract.getProfile, mounting, ({ caller }) => people.profile(caller));
  mount(router, authContract.updateProfile, mounting, ({ caller, body }) => people.rename(caller, body.displayName));
  mount(router, authContract.setRoles, mounting, ({ caller, params, body }) =>
    people.setRoles(caller, params.userId, body.roles),
  );
  return router;
}
