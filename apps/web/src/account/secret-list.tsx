import { Button, Card, ErrorState, Loading, Skeleton } from '@kinora/ui';
import { type UseQueryResult } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { explain } from '../api/problems';
import { FormError } from './form';
import { Secret } from './secret';

export interface SecretListProps<Item> {
  /** Of the heading. */
  id: string;
  title: string;
  newLabel: string;
  secretLabel: string;
  empty: string;
  loading: string;
  query: UseQueryResult<{ items: readonly Item[] }>;
  row: (item: Item) => ReactNode;
  /** The form for a new one. */
  form: (close: { onCancel: () => void; onCreated: (secret: string) => void }) => ReactNode;
}

/** A list of things that are made with a secret, which is shown once: keys, webhooks. */
export function SecretList<Item>({ query, ...props }: SecretListProps<Item>) {
  const { data, error, refetch } = query;
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Card className="flex flex-col gap-4" aria-labelledby={props.id}>
      <div className="flex items-center justify-between gap-3">
        <h2 id={props.id} className="text-lg">
          {props.title}
        </h2>
        {!adding && (
          <Button size="sm" onClick={() => setAdding(true)}>
            {props.newLabel}
          </Button>
        )}
      </div>
      {secret && <Secret label={props.secretLabel} value={secret} onDone={() => setSecret(undefined)} />}
      {adding &&
        props.form({
          onCancel: () => setAdding(false),
          onCreated(created) {
            setAdding(false);
            setSecret(created);
          },
        })}
      {data ? (
        data.items.length > 0 ? (
          <ul className="divide-y divide-line">{data.items.map((item) => props.row(item))}</ul>
        ) : (
          !adding && <p className="text-soft">{props.empty}</p>
        )
      ) : error ? (
        <ErrorState {...explain(error)} className="py-6" onRetry={() => void refetch()} />
      ) : (
        <Loading label={props.loading}>
          <Skeleton className="h-12 w-full" />
        </Loading>
      )}
    </Card>
  );
}

/** The frame of a form that makes one more. */
export function NewSecretForm({
  create,
  action,
  disabled = false,
  onCancel,
  children,
}: {
  create: { readonly error: Error | null; readonly isPending: boolean; mutate(): void };
  action: string;
  disabled?: boolean;
  onCancel: () => void;
  children: ReactNode;
}) {
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="flex flex-col gap-4 rounded-md bg-sunken p-4" onSubmit={onSubmit}>
      <FormError error={create.error} />
      {children}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={create.isPending} disabled={disabled}>
          {action}
        </Button>
      </div>
    </form>
  );
}
