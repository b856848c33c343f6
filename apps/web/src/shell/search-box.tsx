import { cx, inputClass } from '@kinora/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search, Tag, X } from 'lucide-react';
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { suggestQuery } from '../api/queries';

/** Search from anywhere (`/`); suggestions of titles and tags. Enter searches, choosing a title goes to it. */
export function SearchBox() {
  const { q } = useSearch({ strict: false });
  // Somebody who goes elsewhere, or comes back, finds the words of that address.
  return <Box key={q ?? ''} initial={q ?? ''} />;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input,textarea,select,[contenteditable=true]') !== null;

/** `/` puts the cursor into the search, unless somebody types already. */
function useSlash(focus: () => void) {
  const ref = useRef(focus);
  useEffect(() => {
    ref.current = focus;
  });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      ref.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** A combobox after the ARIA pattern "list autocomplete with manual selection": focus stays in the input. */
function Box({ initial }: { initial: string }) {
  const [value, setValue] = useState(initial);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const id = useId();
  const wanted = useDeferredValue(value.trim());
  const { data = [] } = useQuery(suggestQuery(open ? wanted : ''));
  const items = open && wanted ? data : [];
  const shown = items.length > 0;

  useSlash(() => {
    input.current?.focus();
    input.current?.select();
  });

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const search = (text: string) => {
    close();
    void navigate({ to: '/', search: (before) => ({ view: before.view, ...(text && { q: text }) }) });
  };
  const choose = (item: (typeof items)[number]) => {
    close();
    input.current?.blur();
    if (item.kind === 'tag') void navigate({ to: '/', search: { tag: item.text } });
    else if (item.videoId) void navigate({ to: '/watch/$videoId', params: { videoId: item.videoId } });
    else search(item.text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      if (shown) event.preventDefault();
      close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!shown) setOpen(value.trim() !== '');
      // One place more than there are items: the input itself.
      else setActive((at) => ((at + 1 + (event.key === 'ArrowDown' ? 1 : items.length)) % (items.length + 1)) - 1);
    } else if (event.key === 'Enter' && shown && items[active]) {
      event.preventDefault();
      choose(items[active]);
    }
  };

  return (
    <search className="relative min-w-0 flex-1 sm:max-w-md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          input.current?.blur();
          search(value.trim());
        }}
      >
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-soft"
        />
        <input
          ref={input}
          role="combobox"
          aria-label="Search videos"
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={items[active] ? `${id}-${active}` : undefined}
          autoComplete="off"
          placeholder="Search"
          enterKeyHint="search"
          maxLength={200}
          value={value}
          className={cx(inputClass, 'h-10 rounded-full border-transparent bg-sunken ps-9 pe-9 hover:border-edge')}
          onChange={(event) => {
            setValue(event.target.value);
            setOpen(event.target.value.trim() !== '');
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
        />
        {value && (
          <button
            type="button"
            aria-label="Clear search"
            className="absolute end-1.5 top-1/2 grid size-7 -translate-y-1/2 place-items-center rounded-full hover:bg-hover"
            onClick={() => {
              setValue('');
              search('');
            }}
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        )}
      </form>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label="Suggestions"
        hidden={!shown}
        className="absolute inset-x-0 top-full z-40 mt-1.5 rounded-md border border-line bg-surface p-1.5 shadow-float"
      >
        {items.map((item, i) => (
          <li
            key={`${item.kind}:${item.videoId ?? item.text}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            className="flex min-h-9 cursor-default items-center gap-3 rounded-sm px-3 py-1.5 text-sm aria-selected:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft"
            // Focus stays in the input, so that its loss can close the list.
            onPointerDown={(event) => event.preventDefault()}
            onPointerEnter={() => setActive(i)}
            onClick={() => choose(item)}
          >
            {item.kind === 'tag' ? <Tag aria-label="Tag" /> : <Search aria-hidden="true" />}
            <span className="truncate">{item.text}</span>
          </li>
        ))}
      </ul>
    </search>
  );
}
