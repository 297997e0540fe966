import { jobKeyText, parseJobKey } from '../core/job.ts';
import type { Message } from '../core/message.ts';
import type { RawOptions } from '../core/options.ts';
import type { Person } from '../core/person.ts';
import type { Proposal } from '../core/proposal.ts';
import type { ProposalState } from '../core/proposal-state.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

/** What a proposal begins with. */
export type NewProposal = Pick<
  Proposal,
  | 'agent'
  | 'adapter'
  | 'channel'
  | 'command'
  | 'options'
  | 'session'
  | 'question'
  | 'details'
  | 'job'
  | 'proposedAt'
  | 'expiresAt'
>;

interface ProposalRow {
  id: number;
  agent: string;
  agent_name: string;
  adapter: string;
  channel: string;
  command: string;
  options: string;
  session: string | null;
  question: string | null;
  details: string;
  job: string | null;
  state: ProposalState;
  proposed_at: number;
  expires_at: number;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: number | null;
  reason: string | null;
  outcome: string | null;
  result: string | null;
}

/** Proposals in the database. Each is decided once: whoever is first changes it from `waiting`, in one statement. */
export function createProposalStore(db: Db) {
  const insert = db.prepare(
    `INSERT INTO proposals (id, agent, agent_name, adapter, channel, command, options, session, question, details, job,
       proposed_at, expires_at)
     VALUES (${nextNumber('proposals')}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = db.prepare<[number], ProposalRow>('SELECT * FROM proposals WHERE id = ?');
  const list = db.prepare<[number], ProposalRow>('SELECT * FROM proposals ORDER BY id DESC LIMIT ?');
  const waiting = db.prepare<[string], ProposalRow>(
    `SELECT * FROM proposals WHERE state IN ('waiting', 'running') AND state = 'waiting' AND agent = ? ORDER BY +id`,
  );
  const decide = db.prepare(
    `UPDATE proposals SET state = ?, decided_by = ?, decided_by_name = ?, decided_at = ?, reason = ?
     WHERE id = ? AND state = 'waiting' AND expires_at > ?`,
  );
  const expire = db.prepare<[number], ProposalRow>(
    `UPDATE proposals SET state = 'expired', decided_at = expires_at
     WHERE state IN ('waiting', 'running') AND state = 'waiting' AND expires_at <= ? RETURNING *`,
  );
  const interrupt = db.prepare<[], ProposalRow>(
    `UPDATE proposals SET state = 'interrupted' WHERE state IN ('waiting', 'running') AND state = 'running' RETURNING *`,
  );
  const finish = db.prepare('UPDATE proposals SET state = ?, outcome = ?, result = ? WHERE id = ?');

  return {
    transaction: <T>(work: () => T): T => db.transaction(work)(),
    /** Its number. */
    add(given: NewProposal): number {
      const { agent, adapter, channel, command, options, job, proposedAt, expiresAt } = given;
      const { session, question, details } = given;
      const key = job && jobKeyText(job);
      return Number(
        insert.run(
          agent.id,
          agent.name,
          adapter,
          channel,
          command,
          JSON.stringify(options),
          session,
          question && JSON.stringify(question),
          JSON.stringify(details),
          key,
          proposedAt,
          expiresAt,
        ).lastInsertRowid,
      );
    },
    get(id: number): Proposal | undefined {
      const row = get.get(id);
      return row && proposal(row);
    },
    /** Newest first. */
    list: (limit: number): Proposal[] => list.all(limit).map(proposal),
    /** Those of an agent that wait, oldest first. */
    waiting: (agent: string): Proposal[] => waiting.all(agent).map(proposal),
    /** Whether it was the first decision, in time. */
    decide(id: number, state: 'running' | 'denied', by: Person, at: number, reason: string | null): boolean {
      return decide.run(state, by.id, by.name, at, reason, id, at).changes === 1;
    },
    /** Those whose time has passed, each returned once. */
    expire: (now: number): Proposal[] => expire.all(now).map(proposal),
    /** Those that were under way when the process ended, each returned once. */
    interrupt: (): Proposal[] => interrupt.all().map(proposal),
    finish(id: number, state: 'done' | 'refused' | 'failed', outcome: Message, result: unknown): void {
      finish.run(state, JSON.stringify(outcome), JSON.stringify(result ?? null), id);
    },
  };
}

export type ProposalStore = ReturnType<typeof createProposalStore>;

function proposal(row: ProposalRow): Proposal {
  return {
    id: row.id,
    agent: { id: row.agent, name: row.agent_name },
    adapter: row.adapter,
    channel: row.channel,
    command: row.command,
    options: JSON.parse(row.options) as RawOptions,
    session: row.session,
    question: row.question === null ? null : (JSON.parse(row.question) as Message),
    details: JSON.parse(row.details) as Proposal['details'],
    job: row.job === null ? null : (parseJobKey(row.job) ?? null),
    state: row.state,
    proposedAt: row.proposed_at,
    expiresAt: row.expires_at,
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decided_by_name ?? '' },
    decidedAt: row.decided_at,
    reason: row.reason,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Message),
    result: row.result === null ? null : (JSON.parse(row.result) as unknown),
  };
}
