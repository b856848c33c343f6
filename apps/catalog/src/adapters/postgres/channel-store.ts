import { type Database } from '@kinora/database';
import { type ChannelEntry, type ChannelStore } from '../../domain/ports/channel-store';

interface Row {
  id: string;
  owner_id: string;
  handle: string;
  name: string;
  description: string;
  created_at: Date;
}
const columns = ['id', 'owner_id', 'handle', 'name', 'description', 'created_at'] as const;

const channelOf = (row: Row): ChannelEntry => ({
  id: row.id,
  ownerId: row.owner_id,
  handle: row.handle,
  name: row.name,
  description: row.description,
  createdAt: row.created_at,
});

export const createChannelStore = ({ writer, reader }: Pick<Database, 'reader' | 'writer'>): ChannelStore => ({
  async insert({ id, ownerId, handle, name, description, createdAt }) {
    const added = await writer('channels')
      .insert({ id, owner_id: ownerId, handle, name, description, created_at: createdAt })
      .onConflict('handle')
      .ignore()
      .returning('id');
    return added.length > 0;
  },
  async find(id) {
    const row = await writer<Row>('channels')
      .select(...columns)
      .where({ id })
      .first();
    return row && channelOf(row);
  },
  async list(ownerId, { before, limit }) {
    const query = reader<Row>('channels')
      .select(...columns)
      .orderBy('id', 'desc')
      .limit(limit);
    if (ownerId !== undefined) void query.where('owner_id', ownerId);
    if (before !== undefined) void query.where('id', '<', before);
    return (await query).map(channelOf);
  },
  async update(id, { name, description }) {
    const change = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
    if (Object.keys(change).length === 0) return this.find(id);
    const [row] = await writer<Row>('channels')
      .where({ id })
      .update(change)
      .returning([...columns]);
    return row && channelOf(row);
  },
  remove: async (id) => void (await writer('channels').where({ id }).delete()),
});
