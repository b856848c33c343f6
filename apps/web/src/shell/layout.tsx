import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { DropAnywhere } from '../uploads/drop-anywhere';
import { Header } from './header';
import { OfflineBanner } from './offline-banner';

/** What surrounds every page. Each page brings its own `<main id="main">`. */
export function Layout() {
  const { pathname } = useLocation();
  const announced = useRef<HTMLParagraphElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    // A single-page application must say itself that the page has changed.
    const timer = setTimeout(() => {
      if (announced.current) announced.current.textContent = document.title;
    }, 300);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        Skip to content
      </a>
      <OfflineBanner />
      <Header />
      <Outlet />
      <DropAnywhere />
      <p ref={announced} aria-live="polite" className="sr-only" />
    </>
  );
}
