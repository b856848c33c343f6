import { buttonClass, cx } from '@kinora/ui';
import { UploadCloud } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { RequireSignIn } from '../shell/require-sign-in';
import { useTitle } from '../shell/use-title';
import { uploads } from './manager';
import { type Picked } from './pick';
import { UploadRow } from './upload-row';
import { useUploads } from './use-uploads';

const ACCEPT = 'video/*,.mkv,.mov,.mxf,.ts,.m2ts,.avi,.webm,.mp4,.mpg';
type Picker = (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
const nativePicker = () => (window as { showOpenFilePicker?: Picker }).showOpenFilePicker;

export function UploadPage() {
  useTitle('Upload');
  return (
    <RequireSignIn what="upload">
      <Uploads />
    </RequireSignIn>
  );
}

function Uploads() {
  const items = useUploads();
  useEffect(() => void uploads.restore(), []);
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 pt-7 pb-16 outline-none sm:px-6"
    >
      <h1 className="text-2xl sm:text-[1.75rem]">Upload</h1>
      <Picking compact={items.length > 0} />
      {items.length > 0 && (
        <ul aria-label="Uploads" className="flex flex-col gap-3">
          {items.map((item) => (
            <li key={item.key}>
              <UploadRow item={item} />
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

function Picking({ compact }: { compact: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  /** With a handle the file can be opened again after a reload; where there is none, the plain input does. */
  const choose = async (event: React.MouseEvent) => {
    const pick = nativePicker();
    // A label opens the plain input by itself; that is what assistive technology and tests use too.
    if (!pick || !event.isTrusted) return;
    event.preventDefault();
    try {
      const handles = await pick({ multiple: true });
      uploads.add(
        await Promise.all(handles.map(async (handle): Promise<Picked> => ({ handle, file: await handle.getFile() }))),
      );
    } catch (error) {
      // AbortError: the person closed the dialog. Anything else: the picker is not allowed here.
      if (!(error instanceof DOMException && error.name === 'AbortError')) input.current?.click();
    }
  };
  return (
    <div
      className={cx(
        'flex flex-col items-center justify-center gap-3 rounded-lg border-2 border-dashed border-edge/55 px-4 text-center has-focus-visible:border-accent',
        compact ? 'py-6 sm:flex-row sm:justify-between sm:px-6 sm:text-start' : 'py-16',
      )}
    >
      {!compact && <UploadCloud aria-hidden="true" className="size-12 text-accent-text" strokeWidth={1.4} />}
      <div>
        <p className={compact ? 'font-medium' : 'text-lg font-medium'}>Drop videos here, or anywhere on the page</p>
        <p className="text-sm text-soft">Several at once. An interrupted upload goes on where it stopped.</p>
      </div>
      <label
        className={cx(
          buttonClass({ variant: compact ? 'secondary' : 'primary' }),
          'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        )}
        onClick={(event) => void choose(event)}
      >
        Choose files
        <input
          ref={input}
          type="file"
          multiple
          accept={ACCEPT}
          className="sr-only"
          onChange={(event) => {
            uploads.add([...(event.target.files ?? [])].map((file) => ({ file })));
            event.target.value = ''; // the same file may be chosen again
          }}
        />
      </label>
    </div>
  );
}
