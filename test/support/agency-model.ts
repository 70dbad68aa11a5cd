/** An agency as small as it can be: cases by serial, idempotent, with a clerk. It remembers every breach of what it was promised. */
import type { StepResult } from '../../src/domain/filing.ts';

export interface Case {
  readonly receipt: string;
  /** Of the first filing and of each amendment, the newest last. */
  readonly serials: string[];
  state: 'open' | 'asked' | 'concluded' | 'refused' | 'withdrawn';
  content: string;
}

export type ClerkAct = 'conclude' | 'ask' | 'refuse';

export interface ModelAgency {
  readonly cases: readonly Case[];
  readonly breaches: readonly string[];
  submit(serial: string, content: string): StepResult;
  amend(serial: string, receipt: string | undefined, content: string): StepResult;
  withdraw(receipt: string | undefined): StepResult;
  lookup(serial: string): StepResult;
  readBack(content: string): StepResult;
  /** Of the case that is open; what it has asked for it may also conclude or refuse without. */
  clerk(act: ClerkAct): void;
  /** At the counter a person settles whatever stands. @returns the receipt of what was filed. */
  atCounter(outcome: 'filed' | 'withdrawn', content: string): string;
}

export function createModelAgency(): ModelAgency {
  const cases: Case[] = [];
  const breaches: string[] = [];
  const sent = new Map<string, string>();
  const standing = () => cases.filter(({ state }) => ['open', 'asked', 'concluded'].includes(state));

  /** The same serial means the same bytes, whoever sends it and whenever. */
  function seen(serial: string, content: string): Case | undefined {
    const before = sent.get(serial);
    if (before !== undefined && before !== content)
      breaches.push(`${serial} was sent as ${before} and as ${content}`);
    sent.set(serial, content);
    return cases.find(({ serials }) => serials.includes(serial));
  }
  function file(serial: string, content: string, state: Case['state']): Case {
    const filed: Case = { receipt: `R-${cases.length + 1}`, serials: [serial], state, content };
    cases.push(filed);
    const both = standing();
    if (both.length > 1) breaches.push(`filed twice: ${JSON.stringify(both)}`);
    return filed;
  }
  function stands({ state, receipt }: Case): StepResult {
    switch (state) {
      case 'open':
        return { kind: 'pending', receipt, stage: 'received' };
      case 'asked':
        return { kind: 'correction', receipt, code: 'MORE', message: '…', fields: [] };
      case 'concluded':
        return { kind: 'accepted', receipt };
      case 'refused':
        return { kind: 'refused', receipt, code: 'NO', message: '…' };
      case 'withdrawn':
        return { kind: 'refused', receipt, code: 'WITHDRAWN', message: '…' };
    }
  }
  const refusal = (code: string): StepResult => ({ kind: 'refused', code, message: '…' });

  return {
    cases,
    breaches,
    submit: (serial, content) => stands(seen(serial, content) ?? file(serial, content, 'open')),
    amend(serial, receipt, content) {
      const before = seen(serial, content);
      if (before !== undefined) return stands(before);
      const asked = cases.find((each) => each.receipt === receipt);
      if (asked?.state !== 'asked') return refusal('NOT_ASKED');
      asked.serials.push(serial);
      Object.assign(asked, { state: 'open', content });
      return stands(asked);
    },
    withdraw(receipt) {
      const given = cases.find((each) => each.receipt === receipt);
      if (given === undefined) return refusal('NO_RECEIPT');
      if (given.state === 'open' || given.state === 'asked') given.state = 'withdrawn';
      return given.state === 'withdrawn' ? { kind: 'accepted', receipt: given.receipt } : refusal('TOO_LATE');
    },
    lookup(serial) {
      const given = cases.find(({ serials }) => serials.includes(serial));
      return given === undefined ? { kind: 'absent' } : stands(given);
    },
    readBack: (content) =>
      cases.some((each) => each.state === 'concluded' && each.content === content)
        ? { kind: 'agrees' }
        : { kind: 'differs', reason: 'nothing like it stands here' },
    clerk(act) {
      const next = cases.find(({ state }) => state === 'open' || state === 'asked');
      if (next === undefined || (next.state === 'asked' && act === 'ask')) return;
      next.state = ({ conclude: 'concluded', ask: 'asked', refuse: 'refused' } as const)[act];
    },
    atCounter(outcome, content) {
      const [old] = standing();
      if (outcome === 'withdrawn') {
        if (old !== undefined) old.state = 'withdrawn';
        return old?.receipt ?? 'R-0';
      }
      const filed = old ?? file(`counter-${cases.length}`, content, 'concluded');
      Object.assign(filed, { state: 'concluded', content });
      return filed.receipt;
    },
  };
}
