import { type ApiKey } from '@kinora/contracts-auth';
import { Scope } from '@kinora/contracts-common';
import { AlertDialog, Button, formatAgo, TextField, toast } from '@kinora/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { explain, fieldError } from '../api/problems';
import { apiKeysQuery, queryClient } from '../api/queries';
import { CheckList } from './check-list';
import { NewSecretForm, SecretList } from './secret-list';

const refreshKeys = () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });

export function ApiKeys() {
  return (
    <SecretList
      id="api-keys"
      title="API keys"
      newLabel="New key"
      secretLabel="Your new key."
      empty="No keys yet. A key lets a script or a server act for you, within the scopes you give it."
      loading="Loading keys"
      query={useQuery(apiKeysQuery)}
      row={(key) => <KeyRow key={key.id} apiKey={key} />}
      form={(close) => <NewKey {...close} />}
    />
  );
}

function NewKey({ onCancel, onCreated }: { onCancel: () => void; onCreated: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['videos:read']);
  const create = useMutation({
    mutationFn: () => api.apiKeys.createApiKey({ body: { name, scopes: scopes.map((scope) => Scope.parse(scope)) } }),
    onSuccess: ({ secret }) => {
      onCreated(secret);
      void refreshKeys();
    },
  });
  return (
    <NewSecretForm create={create} action="Create key" disabled={scopes.length === 0} onCancel={onCancel}>
      <TextField
        label="Name of the key"
        placeholder="Nightly import"
        required
        maxLength={80}
        value={name}
        error={fieldError(create.error, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      <CheckList legend="Scopes" options={Scope.options} value={scopes} onChange={setScopes} />
    </NewSecretForm>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => api.apiKeys.deleteApiKey({ params: { keyId: apiKey.id } }),
    onSuccess: () => {
      toast({ title: `“${apiKey.name}” was revoked` });
      return refreshKeys();
    },
    onError: (error) =>
      toast({ title: 'The key was not revoked', description: explain(error).message, tone: 'danger' }),
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0">
        <p className="font-medium">
          {apiKey.name} <code className="ms-1 font-mono text-xs text-soft">{apiKey.prefix}…</code>
        </p>
        <p className="text-sm text-soft">
          {apiKey.scopes.join(', ')} · {apiKey.lastUsedAt ? `last used ${formatAgo(apiKey.lastUsedAt)}` : 'never used'}
        </p>
      </div>
      <Button size="sm" busy={revoke.isPending} aria-label={`Revoke ${apiKey.name}`} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <AlertDialog
        title={`Revoke “${apiKey.name}”?`}
        description="Whatever uses this key will be refused within 30 seconds."
        confirm="Revoke key"
        open={asking}
        onOpenChange={setAsking}
        onConfirm={() => revoke.mutate()}
      />
    </li>
  );
}
