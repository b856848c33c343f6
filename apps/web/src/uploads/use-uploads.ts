import { useSyncExternalStore } from 'react';
import { uploads, type UploadItem } from './manager';

export const useUploads = (): readonly UploadItem[] => useSyncExternalStore(uploads.subscribe, uploads.get);
