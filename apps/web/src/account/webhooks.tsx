import { WebhookEvent, type Webhook, type WebhookDelivery } from '@kinora/contracts-catalog';
import { AlertDialog, Badge, Button, formatAgo, Skeleton, TextField, toast } from '@kinora/ui';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { explain, fieldError } from '../api/problems';
import { queryClient, webhooksQuery } from '../api/queries';
import { CheckList } from './check-list';
import { NewSecretForm, SecretList } from './secret-list';

const refreshHooks = () => queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey });
const deliveriesQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ['deliveries', webhookId],
    queryFn: ({ signal }) => api.webhooks.listDeliveries({ params: { webhookId }, query: { limit: 5 } }, { signal }),
    refetchInterval: 5000,
  });

export function Webhooks() {
  return (
    <SecretList
      id="webhooks"
      title="Webhooks"
      newLabel="New webhook"
      secretLabel="The signing secret."
      empty="No webhooks yet. A webhook tells your server when something happens to your videos, signed so that it can be believed."
      loading="Loading webhooks"
      query={useQuery(webhooksQuery)}
      row={(webhook) => <WebhookRow key={webhook.id} webhook={webhook} />}
      form={(close) => <NewWebhook {...close} />}
    />
  );
}

function NewWebhook({ onCancel, onCreated }: { onCancel: () => void; onCreated: (secret: string) => void }) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      api.webhooks.createWebhook({ body: { url, events: events.map((event) => WebhookEvent.parse(event)) } }),
    onSuccess: ({ secret }) => {
      onCreated(secret);
      void refreshHooks();
    },
  });
  return (
    <NewSecretForm create={create} action="Create webhook" onCancel={onCancel}>
      <TextField
        label="Address"
        type="url"
        placeholder="https://example.com/hooks/kinora"
        required
        value={url}
        error={fieldError(create.error, 'url')}
        onChange={(event) => setUrl(event.target.value)}
      />
      <CheckList
        legend="Events"
        hint="(none chosen: all)"
        options={WebhookEvent.options}
        value={events}
        onChange={setEvents}
      />
    </NewSecretForm>
  );
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const [asking, setAsking] = useState(false);
  const params = { webhookId: webhook.id };
  const test = useMutation({
    mutationFn: () => api.webhooks.testWebhook({ params }),
    onSuccess: () => {
      toast({ title: 'A test event is on its way' });
      return queryClient.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey });
    },
    onError: (error) => toast({ title: 'No test event was sent', description: explain(error).message, tone: 'danger' }),
  });
  const remove = useMutation({
    mutationFn: () => api.webhooks.deleteWebhook({ params }),
    onSuccess: refreshHooks,
    onError: (error) =>
      toast({ title: 'The webhook was not removed', description: explain(error).message, tone: 'danger' }),
  });
  const [open, setOpen] = useState(false);
  return (
    <li className="flex flex-col gap-2 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium break-all">{webhook.url}</p>
          <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
            {webhook.events.length > 0 ? webhook.events.join(', ') : 'All events'}
            {!webhook.active && <Badge tone="danger">{webhook.disabledReason ?? 'Off'}</Badge>}
          </p>
        </div>
        <div className="flex gap-2">
          <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            Deliveries
          </Button>
          <Button size="sm" busy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button size="sm" aria-label={`Remove ${webhook.url}`} onClick={() => setAsking(true)}>
            Remove
          </Button>
        </div>
      </div>
      {open && <Deliveries webhookId={webhook.id} />}
      <AlertDialog
        title="Remove this webhook?"
        description={`${webhook.url} will hear nothing more, not even what is still waiting.`}
        confirm="Remove webhook"
        open={asking}
        onOpenChange={setAsking}
        onConfirm={() => remove.mutate()}
      />
    </li>
  );
}

const TONE = { delivered: 'accent', pending: 'warn', failed: 'danger' } as const;

function Deliveries({ webhookId }: { webhookId: string }) {
  const { data } = useQuery(deliveriesQuery(webhookId));
  if (!data) return <Skeleton className="h-9 w-full" />;
  if (data.items.length === 0) return <p className="text-sm text-soft">Nothing has been sent yet.</p>;
  return (
    <ul className="flex flex-col gap-1.5 rounded-md bg-sunken p-3 text-sm">
      {data.items.map((delivery: WebhookDelivery) => (
        <li key={delivery.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={TONE[delivery.state]}>{delivery.state}</Badge>
          <code className="font-mono">{delivery.event}</code>
          <span className="text-soft">
            {delivery.lastStatus ? `HTTP ${delivery.lastStatus} · ` : ''}
            {delivery.attempts} {delivery.attempts === 1 ? 'attempt' : 'attempts'} · {formatAgo(delivery.createdAt)}
          </span>
          {delivery.lastError && <span className="w-full break-all text-danger-text">{delivery.lastError}</span>}
        </li>
      ))}
    </ul>
  );
}
