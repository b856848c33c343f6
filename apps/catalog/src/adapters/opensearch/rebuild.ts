import { type Client, type Types } from '@opensearch-project/opensearch';
import { type Refusal, type SearchSource, type SearchWriter } from '../../domain/ports/search-index';
import { DEFINITION, LIVE, NEXT, definition, isOurs } from './definition';

/** Which of our indexes stand behind an alias. */
async function behind(client: Client, alias: string): Promise<string[]> {
  const { body } = await client.indices.getAlias({ index: `${LIVE}-*` });
  return Object.entries(body).flatMap(([index, { aliases }]) => (aliases && alias in aliases ? [index] : []));
}

/** Where searches go. */
export const liveIndexes = (client: Client): Promise<string[]> => behind(client, LIVE);

/** Changes aliases, in one step and on every node. */
async function changeAliases(client: Client, actions: Types.Indices_UpdateAliases.Action[]): Promise<void> {
  const { body } = await client.indices.updateAliases({ body: { actions } });
  if (!body.acknowledged) throw new Error('not every node of OpenSearch has acknowledged the change of an alias');
}

/** Indexes that a build left behind when it was killed. */
async function deleteAbandoned(client: Client): Promise<void> {
  const { body } = await client.indices.getAlias({ index: `${LIVE}-*` });
  const abandoned = Object.entries(body).flatMap(([index, { aliases }]) =>
    isOurs(index) && Object.keys(aliases ?? {}).length === 0 ? [index] : [],
  );
  if (abandoned.length > 0) await client.indices.delete({ index: abandoned, ignore_unavailable: true });
}

/** From here on live changes are written to it too. Acknowledged by every node, so none writes without knowing of it. */
async function begin(client: Client): Promise<string> {
  const index = `${LIVE}-${DEFINITION}-${Date.now().toString(36)}`;
  await client.indices.create({ index, body: definition, wait_for_active_shards: '1' });
  const others = await behind(client, NEXT);
  await changeAliases(client, [
    ...others.map((other) => ({ remove: { index: other, alias: NEXT } })),
    { add: { index, alias: NEXT } },
  ]);
  await deleteAbandoned(client);
  return index;
}

/** In one step searches, and live changes, go to the new index. Fails if another build has taken its place in the meantime. */
async function publish(client: Client, index: string): Promise<void> {
  await client.indices.refresh({ index });
  const old = (await liveIndexes(client)).filter((other) => other !== index);
  await changeAliases(client, [
    { remove: { index, alias: NEXT, must_exist: true } },
    ...old.map((other) => ({ remove: { index: other, alias: LIVE } })),
    { add: { index, alias: LIVE } },
  ]);
  await deleteAbandoned(client);
}

export interface RebuildDeps {
  readonly client: Client;
  /** Writes into the index that is being built, and is patient: nobody waits for it. */
  readonly writer: SearchWriter;
  readonly source: SearchSource;
  readonly signal: AbortSignal;
  /** Told of documents that the index refused. They are left out; the others are found. */
  readonly onRefused: (refused: readonly Refusal[]) => void;
}

const BATCH = 200;

/**
 * Builds a new index from the record and puts it into the place of the live one. Searches and changes go on: the live index answers until
 * the switch, changes are written to both, and versions keep either from undoing the other. Killed in the middle it leaves an index behind
 * that the next build removes. One at a time (see `exclusively`).
 * @returns how many videos were written
 */
export async function rebuild({ client, writer, source, signal, onRefused }: RebuildDeps): Promise<number> {
  const index = await begin(client);
  let [after, count]: [string | undefined, number] = [undefined, 0];
  for (;;) {
    signal.throwIfAborted();
    const { documents, transcripts } = await source.page(after, BATCH);
    const refused = [...(await writer.put(documents)), ...(await writer.putTranscripts(transcripts))];
    if (refused.length > 0) onRefused(refused);
    count += documents.length;
    after = documents.at(-1)?.videoId;
    if (documents.length < BATCH) break;
  }
  await publish(client, index);
  return count;
}
