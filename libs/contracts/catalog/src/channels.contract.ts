import { ChannelId, Nothing, PageQuery, Timestamp, UserId, endpoint, page } from '@kinora/contracts-common';
import { z } from 'zod';

const Handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{1,38}$/, 'two to 39 letters, digits and hyphens');

export const Channel = z
  .object({
    id: ChannelId,
    handle: z.string(),
    name: z.string(),
    description: z.string(),
    ownerId: UserId,
    createdAt: Timestamp,
  })
  .meta({ id: 'Channel' });
export type Channel = z.output<typeof Channel>;

const ById = z.object({ channelId: ChannelId });

export const channelsContract = {
  createChannel: endpoint({
    id: 'catalog.createChannel',
    method: 'post',
    path: '/v1/channels',
    access: 'user',
    scope: 'videos:write',
    idempotent: true,
    summary: 'Create a channel',
    body: z.object({
      handle: Handle,
      name: z.string().trim().min(1).max(80),
      description: z.string().max(2000).optional(),
    }),
    success: { status: 201, body: Channel },
    problems: ['channel.handle_taken', 'auth.forbidden'],
  }),
  listChannels: endpoint({
    id: 'catalog.listChannels',
    method: 'get',
    path: '/v1/channels',
    access: 'optional',
    scope: 'videos:read',
    summary: 'Channels, newest first',
    query: PageQuery.extend({ owner: z.literal('me').optional() }),
    success: { status: 200, body: page(Channel) },
    problems: ['request.cursor_invalid'],
  }),
  getChannel: endpoint({
    id: 'catalog.getChannel',
    method: 'get',
    path: '/v1/channels/{channelId}',
    access: 'optional',
    scope: 'videos:read',
    summary: 'One channel',
    params: ById,
    success: { status: 200, body: Channel },
    problems: ['channel.not_found'],
  }),
  updateChannel: endpoint({
    id: 'catalog.updateChannel',
    method: 'patch',
    path: '/v1/channels/{channelId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Edit a channel',
    params: ById,
    body: z.object({ name: z.string().trim().min(1).max(80), description: z.string().max(2000) }).partial(),
    success: { status: 200, body: Channel },
    problems: ['channel.not_found'],
  }),
  deleteChannel: endpoint({
    id: 'catalog.deleteChannel',
    method: 'delete',
    path: '/v1/channels/{channelId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Delete a channel; its videos stay',
    params: ById,
    success: { status: 204, body: Nothing },
    problems: ['channel.not_found'],
  }),
} as const;
