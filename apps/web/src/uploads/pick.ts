/** A file, with the handle by which it can be opened again where the browser gives one. */
export interface Picked {
  readonly file: File;
  readonly handle?: FileSystemFileHandle | undefined;
}

type HandleItem = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

/** Files of a drop. Handles must be asked for while the event is being handled, so this starts at once. */
export async function pickedFrom(data: DataTransfer): Promise<Picked[]> {
  const items = [...data.items].filter(({ kind }) => kind === 'file') as HandleItem[];
  const waiting = items.map((item) => ({ file: item.getAsFile(), handle: item.getAsFileSystemHandle?.() }));
  const picked = await Promise.all(
    waiting.map(async ({ file, handle }): Promise<Picked | undefined> => {
      const found = await handle?.catch(() => null);
      if (found && found.kind === 'directory') return undefined;
      return file ? { file, ...(found && { handle: found as FileSystemFileHandle }) } : undefined;
    }),
  );
  return picked.filter((one) => one !== undefined);
}

type PermissionHandle = FileSystemFileHandle & {
  queryPermission?: (options: { mode: 'read' }) => Promise<PermissionState>;
  requestPermission?: (options: { mode: 'read' }) => Promise<PermissionState>;
};

/** Opens a remembered file. Undefined: permission is needed (`ask` only after a press), or the file is gone or another now. */
export async function reopen(
  handle: FileSystemFileHandle,
  expected: { size: number; lastModified: number },
  ask: boolean,
): Promise<File | undefined> {
  const guarded = handle as PermissionHandle;
  try {
    let state = (await guarded.queryPermission?.({ mode: 'read' })) ?? 'denied';
    if (state !== 'granted' && ask) state = (await guarded.requestPermission?.({ mode: 'read' })) ?? 'denied';
    if (state !== 'granted') return undefined;
    const file = await handle.getFile();
    return file.size === expected.size && file.lastModified === expected.lastModified ? file : undefined;
  } catch {
    return undefined;
  }
}
