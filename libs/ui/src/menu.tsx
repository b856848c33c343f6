import { Menu as Base } from '@base-ui/react/menu';
import { type ReactElement, type ReactNode } from 'react';
import { cx } from './cx';

export const menuItemClass =
  'flex min-h-9 cursor-default items-center gap-3 rounded-sm px-3 py-1.5 text-sm outline-none select-none data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-soft';

/** A menu under a button. `trigger` is the button's element, e.g. `<IconButton label="Account">`. */
export function Menu({
  trigger,
  children,
  align = 'end',
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-40 outline-none">
          <Base.Popup className="min-w-52 rounded-md border border-line bg-surface p-1.5 text-ink shadow-float transition-[opacity,scale] duration-100 outline-none data-ending-style:scale-97 data-ending-style:opacity-0 data-starting-style:scale-97 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  onSelect,
  danger = false,
  children,
}: {
  onSelect: () => void;
  danger?: boolean;
  children: ReactNode;
}) {
  return (
    <Base.Item className={cx(menuItemClass, danger && 'text-danger-text [&_svg]:text-danger-text')} onClick={onSelect}>
      {children}
    </Base.Item>
  );
}

/** An item that goes somewhere; `render` is the router's link. */
export function MenuLink({ render, children }: { render: ReactElement; children: ReactNode }) {
  return (
    <Base.LinkItem render={render} className={menuItemClass} closeOnClick>
      {children}
    </Base.LinkItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1.5 my-1.5 h-px bg-line" />;
}
