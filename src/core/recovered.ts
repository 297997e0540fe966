/** A database that went on from a backup, or from nothing. Times are epoch milliseconds. */
export interface Recovered {
  /** `damaged`: the one before was; `restored`: somebody went back. */
  why: 'damaged' | 'restored';
  at: number;
  /** When the backup was made; null: there was none. */
  backup: number | null;
  /** What happened until then was told by the database before. */
  until: number;
  /** The file that the database before is kept in. */
  aside: string | null;
}
