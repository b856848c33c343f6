import { channelsContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import {
  type ChannelDeps,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
  updateChannel,
} from '../domain/channels/channels';

export function channelRoutes(mounting: Mounting, deps: ChannelDeps): Router {
  const router = Router();
  mount(router, channelsContract.createChannel, mounting, ({ caller, body }) => createChannel(deps, caller, body));
  mount(router, channelsContract.listChannels, mounting, ({ caller, query }) => listChannels(deps, caller, query));
  mount(router, channelsContract.getChannel, mounting, ({ params }) => getChannel(deps, params.channelId));
  mount(router, channelsContract.updateChannel, mounting, ({ caller, params, body }) =>
    updateChannel(deps, caller, params.channelId, body),
  );
  mount(router, channelsContract.deleteChannel, mounting, async ({ caller, params }) => {
    await deleteChannel(deps, caller, params.channelId);
    return undefined;
  });
  return router;
}
