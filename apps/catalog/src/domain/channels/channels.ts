import { type Channel } from '@kinora/contracts-catalog';
import { DomainError, type Person, forbidden, newId, notFound, unauthenticated } from '@kinora/contracts-common';
import { idAfter, pageOf } from '../cursor';
import { type ChannelEntry, type ChannelStore } from '../ports/channel-store';
import { mayCreate, viewerOf } from '../viewer';

export interface ChannelDeps {
  readonly channels: ChannelStore;
  readonly clock: () => Date;
}

const noSuchChannel = () => notFound('channel.not_found', 'There is no such channel.');
const present = ({ createdAt, ...channel }: ChannelEntry): Channel => ({
  ...channel,
  createdAt: createdAt.toISOString(),
});

export async function createChannel(
  { channels, clock }: ChannelDeps,
  caller: Person,
  given: { handle: string; name: string; description?: string | undefined },
): Promise<Channel> {
  if (!mayCreate(caller)) throw forbidden('Creating channels needs the role creator.');
  const channel: ChannelEntry = {
    id: newId('chn'),
    ownerId: caller.userId,
    handle: given.handle,
    name: given.name,
    description: given.description ?? '',
    createdAt: clock(),
  };
  if (!(await channels.insert(channel)))
    throw new DomainError('conflict', 'channel.handle_taken', 'This handle is taken.');
  return present(channel);
}

export async function listChannels(
  { channels }: ChannelDeps,
  caller: Person | undefined,
  { owner, cursor, limit }: { owner?: 'me' | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Channel[]; nextCursor: string | null }> {
  if (owner === 'me' && !caller) throw unauthenticated();
  const query = ['channels', owner ?? null];
  const before = idAfter(query, cursor);
  const rows = await channels.list(owner && caller?.userId, { before, limit: limit + 1 });
  const { items, nextCursor } = pageOf(query, rows, limit);
  return { items: items.map(present), nextCursor };
}

export async function getChannel({ channels }: ChannelDeps, id: string): Promise<Channel> {
  const channel = await channels.find(id);
  if (!channel) throw noSuchChannel();
  return present(channel);
}

/** The channel, if the caller may change it. To others it is as if there were nothing that could be changed. */
async function editable({ channels }: ChannelDeps, caller: Person, id: string): Promise<ChannelEntry> {
  const channel = await channels.find(id);
  const viewer = viewerOf(caller);
  if (!channel || !(viewer.admin || channel.ownerId === viewer.userId)) throw noSuchChannel();
  return channel;
}

export async function updateChannel(
  deps: ChannelDeps,
  caller: Person,
  id: string,
  change: { name?: string | undefined; description?: string | undefined },
): Promise<Channel> {
  await editable(deps, caller, id);
  const channel = await deps.channels.update(id, change);
  if (!channel) throw noSuchChannel();
  return present(channel);
}

export async function deleteChannel(deps: ChannelDeps, caller: Person, id: string): Promise<void> {
  await editable(deps, caller, id);
  await deps.channels.remove(id);
}
