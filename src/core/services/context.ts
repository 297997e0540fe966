import type { Analysis } from '../analysis.ts';
import type { CommandDeclaration } from '../command-declaration.ts';
import type { Typed } from '../command-line.ts';
import type { DigestService } from '../digest.ts';
import type { BoardStatus, JobFacts } from '../facts.ts';
import type { GpusService } from '../gpus.ts';
import type { AskHowFar } from '../how-far.ts';
import type { Job, JobKey } from '../job.ts';
import type { FileRef, Message } from '../message.ts';
import type { ChartService, MetricsService } from '../metrics.ts';
import type { Doer } from '../person.ts';
import type { ApprovalsService } from '../proposal.ts';
import type { Queues } from '../queues.ts';
import type { Destination, Quoted, RequestContext } from '../request.ts';
import type { Clock } from '../time.ts';
import type { WatchesService } from '../watch.ts';
import type { WebLogins } from '../web-logins.ts';
import type { AuditService } from './audit.ts';
import type { BackupsService } from './backups.ts';
import type { CausesService } from './causes.ts';
import type { EditsService, KillService, ObserverControl } from './control.ts';
import type { ExperimentsService } from './experiments.ts';
import type { FeedService } from './feed.ts';
import type { FollowService } from './follow.ts';
import type { HealthItem } from './health.ts';
import type { JobRecord, JobsService } from './jobs.ts';
import type { LaunchService } from './launches.ts';
import type { LinksService } from './links.ts';
import type { PingsService } from './pings.ts';
import type { ReportsService } from './reports.ts';
import type { RunsService } from './runs.ts';
import type { SessionsService } from './sessions.ts';
import type { SubscriptionsService } from './subscriptions.ts';
import type { SuggestService } from './suggestions.ts';
import type { TensorBoardsService } from './tensorboards.ts';
import type { WordsService } from './words.ts';

/** Who runs a command, and where. */
export interface Caller extends RequestContext {
  /** Who is recorded as having done it: the person, and the approver. */
  doer: Doer;
  /** A command line as it is typed there. */
  typed: Typed;
  /** The message that the command is about, if it came from a shortcut or a reaction. */
  quoted: Quoted | undefined;
  /** Whether they may give a command, for some jobs at least. */
  isOffered(command: CommandDeclaration): boolean;
  /** Whether they may do as they like with a job, since it is theirs. */
  mayRunOwn(job: Job): boolean;
  /** The job whose thread the command was given in. */
  threadJob: Job | undefined;
}

/** How a command answers before it has finished. */
export interface CommandReply {
  /** Shows an answer that another will replace: data of the same shape as `run` returns. */
  progress(data: unknown): void;
  /** Of a command that says what it is `working` at: where to ask how far it is. */
  howFar(ask: AskHowFar): void;
}

/** All services for commands; each command gets those it declares. */
export interface Services extends ExperimentsService {
  now: Clock;
  /** Says something in a job's thread wherever it is told of, but for one channel; a key is told once. */
  aboutJob(job: JobKey, key: string, message: Message, except: Destination | null): void;
  queues: Queues;
  jobs: JobsService;
  sessions: SessionsService;
  suggestions: SuggestService;
  reports: ReportsService;
  digests: DigestService;
  metrics: MetricsService;
  charts: ChartService;
  runs: RunsService;
  analyses: { of(job: JobRecord): Promise<Analysis | null> };
  launches: LaunchService;
  kills: KillService;
  edits: EditsService;
  /** A person's name, from whatever identifies them: an id, a Unix name, an account. */
  nameOf(person: string): string;
  causes: CausesService;
  observer: ObserverControl;
  gpus: GpusService;
  watches: WatchesService;
  /** Runs that no queue started. */
  follow: FollowService;
  tensorboards: TensorBoardsService;
  /** What the chat calls this host. */
  hostLabel(): string;
  subscriptions: SubscriptionsService;
  /** What each person is pinged for. */
  pings: PingsService;
  links: LinksService;
  /** Who is signed in to the web chat. */
  webLogins: WebLogins;
  /** What agents have proposed. */
  approvals: ApprovalsService;
  /** What happened since, and waiting for what comes. */
  feed: FeedService;
  /** Who asked for what, and what came of it. */
  audit: AuditService;
  /** What a person has written, and its removal. */
  words: WordsService;
  /** Backups of the database. */
  backups: BackupsService;
  health(): HealthItem[];
  status(): Promise<BoardStatus>;
  /** Everything a job's card shows. */
  jobFacts(key: JobKey): Promise<JobFacts>;
  commands: readonly CommandDeclaration[];
  /** Keeps bytes in the file store under their content's name. */
  saveFile(bytes: Uint8Array, extension: string): Promise<FileRef>;
}

/** What a command gets: the caller, a way to answer meanwhile, and the services it declares. */
export interface CommandContext<S extends keyof Services = keyof Services> {
  caller: Caller;
  reply: CommandReply;
  services: Pick<Services, S>;
}
